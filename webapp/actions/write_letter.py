"""Turn a letter that waits as ids into words: look up whom it goes to and what it tells."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from webapp.actions.attention_words import attention_words
from webapp.actions.call_for_attention import Cause, marks_connection
from webapp.actions.disconnect import LIVE
from webapp.mail import letters
from webapp.mail.letters import DigestLine, Letter
from webapp.providers.table import label_of
from webapp.settings import Settings
from webapp.store import database
from webapp.store.outbox import link_token
from webapp.store.questions.health import late_connections
from webapp.store.questions.invitations import invitation_page
from webapp.store.questions.people import roles_of
from webapp.store.questions.runs import held_counts
from webapp.store.questions.waiting_things import DIGEST, Thing, waiting_for
from webapp.store.tables import (
    Account,
    Connection,
    District,
    Invitation,
    Operator,
    OutboxLetter,
    PasswordReset,
    SyncRun,
)

ROLE_WORDS = {
    "teacher": "a teacher",
    "license_admin": "a license admin",
    "school_admin": "a school administrator",
    "district_admin": "a district administrator",
}


def write_letter(waiting: OutboxLetter, settings: Settings) -> Letter | None:
    """The letter in words; None where there is nobody (any more) to send it to."""
    return WRITERS[waiting.kind](waiting, settings)


def _invitation(waiting: OutboxLetter, settings: Settings) -> Letter | None:
    invitation_id = _id(waiting, "invitation_id")
    with database.tenant(_district(waiting)) as session:
        invitation = session.get(Invitation, invitation_id)
        if invitation is None or invitation.revoked_at or invitation.accepted_at:
            return None
        page = invitation_page(session, invitation_id)
    link = f"{settings.public_url}/invitations/{link_token(waiting)}"
    role = ROLE_WORDS[page.role]
    return letters.invitation(
        settings, page.address, inviter=page.inviter, role=role, license_name=page.license_name, link=link
    )


def _operator_setup(waiting: OutboxLetter, settings: Settings) -> Letter | None:
    to = _operators_address(_id(waiting, "operator_id"))
    link = f"{settings.public_url}/invitations/{link_token(waiting)}"
    return letters.operator_setup(settings, to, link=link) if to else None


def _password_reset(waiting: OutboxLetter, settings: Settings) -> Letter | None:
    with database.directory() as session:
        reset = session.get_one(PasswordReset, _id(waiting, "reset_id"))
    if reset.account_id:
        to = _accounts_address(_district(waiting), reset.account_id)
    elif reset.operator_id:
        to = _operators_address(reset.operator_id)
    else:  # asked for an address that nobody logs in with
        to = None
    link = f"{settings.public_url}/password/reset/{link_token(waiting)}"
    return letters.password_reset(settings, to, link=link) if to and not reset.used_at else None


def _password_changed(waiting: OutboxLetter, settings: Settings) -> Letter | None:
    if "operator_id" in waiting.ids:
        to = _operators_address(_id(waiting, "operator_id"))
    else:
        to = _accounts_address(_district(waiting), _id(waiting, "account_id"))
    return letters.password_changed(settings, to) if to else None


def _linked(waiting: OutboxLetter, settings: Settings) -> Letter | None:
    to = _accounts_address(_district(waiting), _id(waiting, "account_id"))
    return letters.linked(settings, to) if to else None


def _hold(waiting: OutboxLetter, settings: Settings) -> Letter | None:
    to = _accounts_address(_district(waiting), _id(waiting, "account_id"))
    run_id = _id(waiting, "run_id")
    held = (
        select(SyncRun.reason, Connection.provider, District.name)
        .join(Connection, Connection.id == SyncRun.connection_id)
        .join(District, District.id == SyncRun.district_id)
        .where(SyncRun.id == run_id, SyncRun.state == "held")
    )
    with database.tenant(_district(waiting)) as session:
        row = session.execute(held).one_or_none()
        removed, classes = held_counts(session, run_id)
    if to is None or row is None:
        return None
    what = (
        f"{removed} {'removal' if removed == 1 else 'removals'} in {classes} {'class' if classes == 1 else 'classes'}"
    )
    told = {"service": label_of(row.provider), "district": row.name, "reason": row.reason or ""}
    return letters.hold(settings, to, what=what, run=str(run_id), **told)


def _attention(waiting: OutboxLetter, settings: Settings) -> Letter | None:
    to = _accounts_address(_district(waiting), _id(waiting, "account_id"))
    if "cause" not in waiting.ids:
        return None  # An earlier release put it in: the letter of the next morning tells of it.
    cause = Cause(waiting.ids["cause"])
    with database.tenant(_district(waiting)) as session:
        run = session.get(SyncRun, _id(waiting, "run_id"))
        connection = session.get(Connection, _id(waiting, "connection_id"))
        looks_after = "license_admin" in roles_of(session, _id(waiting, "account_id"))
    if to is None or run is None or connection is None or not _troubles_still(connection, run, cause):
        return None
    service = label_of(connection.provider)
    happened, advice = attention_words(cause, service)
    told = {"service": service, "happened": happened, "reason": run.reason or "", "advice": advice}
    return letters.attention(settings, to, page="/license" if looks_after else "/", **told)


def _troubles_still(connection: Connection, run: SyncRun, cause: Cause) -> bool:
    """False where a good sync, or its district, has settled the matter before the letter left."""
    return connection.state == "attention" if marks_connection(run, cause) else connection.state in LIVE


def _disconnected(waiting: OutboxLetter, settings: Settings) -> Letter | None:
    to = _accounts_address(_district(waiting), _id(waiting, "account_id"))
    with database.tenant(_district(waiting)) as session:
        connection = session.get(Connection, _id(waiting, "connection_id"))
        name = session.scalars(select(District.name)).one()
    if to is None or connection is None or connection.state != "frozen":
        return None
    return letters.disconnected(settings, to, service=label_of(connection.provider), district=name)


def _digest(waiting: OutboxLetter, settings: Settings) -> Letter | None:
    to, account_id = _accounts_address(_district(waiting), _id(waiting, "account_id")), _id(waiting, "account_id")
    with database.tenant(_district(waiting)) as session:
        things = waiting_for(session, account_id)
        district = session.scalars(select(District.name)).one()
    if to is None or not things:
        return None
    lines = [
        DigestLine(_in_words(one), _age(one.since, waiting.written_at), settings.public_url + one.page)
        for one in things
    ]
    return letters.digest(settings, to, district=district, lines=lines)


def _in_words(one: Thing) -> str:
    service, records = label_of(one.provider), f"{one.count} {'record' if one.count == 1 else 'records'}"
    pairs = f"{one.count} {'pair' if one.count == 1 else 'pairs'}"
    return {
        "hold": f"{service}: a roster change waits for a decision ({one.words})",
        "attention": f"The connection to {service} needs attention. {one.words}".strip(),
        "proposal": f"{pairs} of people who may be the same",
        "set_aside": f"{service}: {records} could not be used",
    }[one.what]


def _age(since: datetime, now: datetime) -> str:
    days = max((now - since).days, 0)
    return f"for {days} {'day' if days == 1 else 'days'}" if days else "since today"


def _no_good_sync(waiting: OutboxLetter, settings: Settings) -> Letter | None:
    to = _operators_address(_id(waiting, "operator_id"))
    named = {UUID(connection_id) for connection_id in waiting.ids["connections"].split()}
    with database.directory() as session:
        late = [one for one in late_connections(session, waiting.written_at) if one.connection_id in named]
    lines = [
        f"{one.district_name}, {label_of(one.provider)}: "
        + (
            f"last good sync {one.last_good_sync_at:%B %-d, %Y at %H:%M} UTC"
            if one.last_good_sync_at
            else "none so far"
        )
        for one in late
    ]
    return letters.no_good_sync(settings, to, lines=lines) if to and lines else None


WRITERS: dict[str, Callable[[OutboxLetter, Settings], Letter | None]] = {
    "invitation": _invitation,
    "operator_setup": _operator_setup,
    "password_reset": _password_reset,
    "password_changed": _password_changed,
    "linked": _linked,
    "hold": _hold,
    "attention": _attention,
    "disconnected": _disconnected,
    "no_good_sync": _no_good_sync,
    DIGEST: _digest,
}
"""Kind -> its writer. Their ids, in this order: `invitation_id`; `operator_id`; `reset_id`; `account_id` or
`operator_id`; `account_id`; `run_id` and the `account_id` of whoever shall decide;
`connection_id`, that `account_id`, and for the first of the next two `run_id` and `cause`; `operator_id` and
`connections`; `account_id`."""


def _id(waiting: OutboxLetter, name: str) -> UUID:
    return UUID(waiting.ids[name])


def _district(waiting: OutboxLetter) -> UUID:
    assert waiting.district_id is not None
    return waiting.district_id


def _accounts_address(district_id: UUID, account_id: UUID) -> str | None:
    with database.tenant(district_id) as session:
        return session.scalar(select(Account.email).where(Account.id == account_id, Account.disabled_at.is_(None)))


def _operators_address(operator_id: UUID) -> str | None:
    with database.directory() as session:
        return session.scalar(select(Operator.email).where(Operator.id == operator_id, Operator.disabled_at.is_(None)))
