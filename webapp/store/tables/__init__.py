"""Every table, grouped by what it is about. Each table's docstring ends with its retention.

No queries and no rules live here.
"""

from webapp.store.tables.classes import ClassSource, Enrollment, SchoolClass
from webapp.store.tables.declarative import Base
from webapp.store.tables.letters import OutboxLetter
from webapp.store.tables.licensing import Invitation, License, LicenseMember, LicenseSchool
from webapp.store.tables.people import Account, AccountRole, District, Identity, Operator
from webapp.store.tables.safety import IdentityProposal, SetAside
from webapp.store.tables.services import ServicePoll, UnclaimedDistrict
from webapp.store.tables.sharing import Connection, Course, School, Section, Term
from webapp.store.tables.signing_in import Audit, PasswordReset, SignIn, SignInAttempt
from webapp.store.tables.syncing import Change, HeldRemoval, Lease, SyncRun

__all__ = [
    "Account",
    "AccountRole",
    "Audit",
    "Base",
    "Change",
    "ClassSource",
    "Connection",
    "Course",
    "District",
    "Enrollment",
    "HeldRemoval",
    "Identity",
    "IdentityProposal",
    "Invitation",
    "Lease",
    "License",
    "LicenseMember",
    "LicenseSchool",
    "Operator",
    "OutboxLetter",
    "PasswordReset",
    "School",
    "SchoolClass",
    "Section",
    "ServicePoll",
    "SetAside",
    "SignIn",
    "SignInAttempt",
    "SyncRun",
    "Term",
    "UnclaimedDistrict",
]
