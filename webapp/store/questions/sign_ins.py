"""Who is signed in with this browser's secret?"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import Session

from webapp.store.questions.people import switched_off_there
from webapp.store.tables import Account, AccountRole, District, LicenseMember, Operator, SignIn

IDLE = timedelta(minutes=60)
LONGEST = timedelta(hours=12)


@dataclass(frozen=True)
class SignedIn:
    """Somebody who is signed in: all that pages and the access table need to know of them."""

    sign_in_id: UUID
    provider: str
    made_at: datetime
    seen_at: datetime
    name: str
    roles: frozenset[str]
    """The account's roles; `operator` alone for one of the vendor's people."""
    cookie: str
    """What this browser's cookie holds, see actions/sign_ins.py."""
    account_id: UUID | None = None
    district_id: UUID | None = None
    operator_id: UUID | None = None
    is_member: bool = False
    """True where a live license membership exists."""
    time_zone: str = "UTC"

    # What Flask-Login asks of a user.
    is_authenticated: ClassVar[bool] = True
    is_active: ClassVar[bool] = True
    is_anonymous: ClassVar[bool] = False

    def get_id(self) -> str:
        """What Flask-Login keeps in the cookie."""
        return self.cookie


def live_sign_in(secret_hash: str, now: datetime) -> ColumnElement[bool]:
    """The condition that a sign-in row is this browser's and has neither ended nor grown too old."""
    return and_(
        SignIn.secret_hash == secret_hash,
        SignIn.ended_at.is_(None),
        SignIn.seen_at > now - IDLE,
        SignIn.made_at > now - LONGEST,
    )


_USABLE = (
    Account.disabled_at.is_(None),
    Account.merged_into_id.is_(None),
    ~switched_off_there(Account.id, SignIn.provider),
)
"""What must be true of the account behind a sign-in, now as when it began."""


def person_signed_in(session: Session, secret_hash: str, cookie: str, now: datetime) -> SignedIn | None:
    """The account behind this secret, by the tenant's door, in one statement."""
    roles = select(func.array_agg(AccountRole.role.distinct())).where(AccountRole.account_id == Account.id)
    member = exists().where(LicenseMember.account_id == Account.id, LicenseMember.ended_at.is_(None))
    row = session.execute(
        select(SignIn, Account, District.time_zone, roles.scalar_subquery(), member)
        .join(Account, Account.id == SignIn.account_id)
        .join(District, District.id == SignIn.district_id)
        .where(live_sign_in(secret_hash, now), *_USABLE)
    ).one_or_none()
    if row is None:
        return None
    sign_in, account, time_zone, role_words, is_member = row
    return SignedIn(
        sign_in_id=sign_in.id,
        provider=sign_in.provider,
        made_at=sign_in.made_at,
        seen_at=sign_in.seen_at,
        name=f"{account.given_name} {account.family_name}".strip(),
        roles=frozenset(role_words or ()),
        cookie=cookie,
        account_id=account.id,
        district_id=sign_in.district_id,
        is_member=is_member,
        time_zone=time_zone,
    )


def operator_signed_in(session: Session, secret_hash: str, cookie: str, now: datetime) -> SignedIn | None:
    """The operator behind this secret, by the directory's door, in one statement."""
    row = session.execute(
        select(SignIn, Operator)
        .join(Operator, Operator.id == SignIn.operator_id)
        .where(live_sign_in(secret_hash, now), Operator.disabled_at.is_(None))
    ).one_or_none()
    if row is None:
        return None
    sign_in, operator = row
    return SignedIn(
        sign_in_id=sign_in.id,
        provider=sign_in.provider,
        made_at=sign_in.made_at,
        seen_at=sign_in.seen_at,
        name=operator.email,
        roles=frozenset({"operator"}),
        cookie=cookie,
        operator_id=operator.id,
    )
