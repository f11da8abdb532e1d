"""Give somebody who logs in with a password a second way in: their own user at a rostering service."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from webapp.actions.identities import attach_visitor
from webapp.actions.memberships import give_role
from webapp.actions.refusals import LinkTaken, NotInRoster, OtherDistrict, StudentRefused
from webapp.actions.reset_password import void_resets
from webapp.actions.roster_record import only_student, roster_record
from webapp.actions.sign_ins import Somebody, end_all_sign_ins
from webapp.providers.errors import NotShared
from webapp.providers.service import Service, Visitor
from webapp.store import database
from webapp.store.audit import note
from webapp.store.outbox import put
from webapp.store.questions.people import (
    Known,
    has_enrollments,
    has_password,
    known_visitor,
    live_connection,
    roles_of,
    usable_account,
)
from webapp.store.tables import AccountRole, Identity, LicenseMember, PasswordReset, SignIn


def link_identity(
    district_id: UUID, account_id: UUID, visitor: Visitor, *, services: dict[str, Service], now: datetime
) -> Somebody:
    """The visitor's service user signs in to the asking account; its sign-ins have ended, and a letter tells.

    Where a co-teacher's import made an account for that user which was never used, the asking account is merged into
    it, and that one is returned. Raises Refusal, ProviderError.
    """
    with database.directory() as session:
        connected = live_connection(session, visitor.provider, visitor.authority)
        known = known_visitor(session, visitor.provider, visitor.authority, visitor.subjects)
    if connected is None or connected[0] != district_id or (known and known.district_id != district_id):
        raise OtherDistrict
    _refuse_students(visitor, services)
    with database.tenant(district_id) as session:
        keeper = _merge(session, account_id, known, now) if known else account_id
        attach_visitor(session, district_id, keeper, visitor, now)
        who = Somebody(keeper, district_id)
        end_all_sign_ins(session, who, now=now)
        void_resets(session, who, now)
        put(session, "linked", district_id=district_id, now=now, account_id=keeper)
        about = ("account", keeper)
        note(session, "linked", at=now, district_id=district_id, account_id=keeper, about=about, merged=str(account_id))
    return who


def _refuse_students(visitor: Visitor, services: dict[str, Service]) -> None:
    # On a shared computer a student may still be signed in there: their user must never open a teacher's account.
    try:
        person = roster_record(visitor, services)
    except NotShared as error:
        raise NotInRoster from error
    if only_student(person):
        raise StudentRefused


def _merge(session: Session, asking: UUID, known: Known, now: datetime) -> UUID:
    """The account that stays: the one the roster knows, so that classes keep their teacher."""
    if known.account_id == asking:
        return asking
    target = usable_account(session, known.account_id)
    mine = usable_account(session, asking)
    unused = target is not None and target.last_sign_in_at is None and not has_password(session, target.id)
    if mine is None or target is None or not unused or has_enrollments(session, asking):
        raise LinkTaken
    mine_too = Identity.account_id == asking
    session.execute(update(Identity).where(mine_too, Identity.valid_to.is_(None)).values(account_id=target.id))
    for table in (LicenseMember, SignIn, PasswordReset):
        session.execute(update(table).where(table.account_id == asking).values(account_id=target.id))
    for role in roles_of(session, asking):
        give_role(session, target.district_id, target.id, role)
    session.execute(delete(AccountRole).where(AccountRole.account_id == asking))
    target.email, target.last_sign_in_at = mine.email, now
    mine.merged_into_id = target.id
    return target.id
