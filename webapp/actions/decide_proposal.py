"""An administrator says whether a new id is somebody who is here already, and may take it back for thirty days."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from webapp.actions.sign_ins import Somebody, end_all_sign_ins
from webapp.store import leases
from webapp.store.audit import note
from webapp.store.database import tenant
from webapp.store.identity_merge import Pair, merge
from webapp.store.identity_parting import part
from webapp.store.questions.proposals import as_it_stands
from webapp.store.questions.runs import district_today
from webapp.store.questions.undoing import UNDO_FOR
from webapp.store.tables import Account, Change, IdentityProposal


class CannotDecide(Exception):
    """Nothing was changed; the message is a plain sentence."""


class ProposalChanged(CannotDecide):
    """What was shown is no longer so: it must be looked at again."""


CHANGED = "Something about these two has changed since you opened the page. Look at it again before you decide."
BUSY = "A sync is working on these classes right now. Nothing was changed; please try again in a minute."


def same_person(district_id: UUID, proposal_id: UUID, *, account_id: UUID, seen: str, now: datetime) -> None:
    """The two accounts are one: the known one, with the new id; the new one is closed, and both are signed out.

    `seen` stands for what was shown. Raises ProposalChanged where that is no longer so, CannotDecide.
    """
    with _under_lease(district_id, proposal_id, now) as (session, proposal):
        known, new = _accounts(session, proposal)
        if proposal.state == "accepted":
            raise ProposalChanged("Somebody has already joined these two.")
        if known.merged_into_id or new.merged_into_id:
            raise ProposalChanged("One of the two has been joined with somebody else since.")
        if seen != as_it_stands(session, proposal_id):
            raise ProposalChanged(CHANGED)
        proposal.moved = merge(session, _pair(session, proposal, account_id, now))
        proposal.moved = proposal.moved | _lend_address(known, new)
        _point(session, new, known.id, account_id, now)
        _settle(session, proposal, "accepted", account_id, now)


def different_people(district_id: UUID, proposal_id: UUID, *, account_id: UUID, now: datetime) -> None:
    """The two stay two, and nobody is asked about them again. Raises ProposalChanged where they were joined already."""
    with tenant(district_id) as session:
        proposal = session.get_one(IdentityProposal, proposal_id, with_for_update=True)
        if proposal.state == "accepted":
            raise ProposalChanged("Somebody has already joined these two. To part them again, press Undo.")
        _note(session, proposal, "declined", account_id, now)


def take_back(district_id: UUID, proposal_id: UUID, *, account_id: UUID, now: datetime) -> int:
    """The two are two again, as before; how many places stayed, since they were changed later. Raises CannotDecide."""
    with _under_lease(district_id, proposal_id, now) as (session, proposal):
        known, new = _accounts(session, proposal)
        if proposal.state != "accepted" or proposal.decided_at is None or proposal.moved is None:
            raise ProposalChanged("These two are not joined (any more).")
        if now - proposal.decided_at >= UNDO_FOR:
            raise CannotDecide(f"Joining two people can be undone for {UNDO_FOR.days} days.")
        if known.merged_into_id:
            raise CannotDecide("This person has been joined with a third one since. Undo that first.")
        pair = _pair(session, proposal, account_id, now)
        stayed = part(session, pair, proposal.moved, proposal.decided_at)
        if proposal.moved.get("address") and known.email == new.email:
            known.email = None
        _point(session, new, None, account_id, now)
        _settle(session, proposal, "undone", account_id, now)
        return stayed


@contextmanager
def _under_lease(district_id: UUID, proposal_id: UUID, now: datetime) -> Iterator[tuple[Session, IdentityProposal]]:
    """One transaction in which no sync of the connection applies; whoever applied before is refused by the fence."""
    with tenant(district_id) as session:
        proposal = session.get_one(IdentityProposal, proposal_id)
        connection = session.connection()
        try:
            fence = leases.take(connection, proposal.connection_id, district_id, proposal_id, now)
        except leases.LeaseBusy as busy:
            raise CannotDecide(BUSY) from busy
        session.refresh(proposal, with_for_update=True)
        yield session, proposal
        session.flush()
        leases.give_back(connection, proposal.connection_id, fence, now)


def _accounts(session: Session, proposal: IdentityProposal) -> tuple[Account, Account]:
    known = session.get_one(Account, proposal.known_account_id, with_for_update=True)
    return known, session.get_one(Account, proposal.new_account_id, with_for_update=True)


def _pair(session: Session, proposal: IdentityProposal, actor_id: UUID, now: datetime) -> Pair:
    return Pair(
        district_id=proposal.district_id,
        connection_id=proposal.connection_id,
        known=proposal.known_account_id,
        new=proposal.new_account_id,
        actor_id=actor_id,
        today=district_today(session, proposal.district_id, now),
        now=now,
    )


def _lend_address(known: Account, new: Account) -> dict[str, bool]:
    """Letters reach the person who stays, where only the new account had an address."""
    if known.email or not new.email:
        return {}
    known.email = new.email
    return {"address": True}


def _point(session: Session, account: Account, into: UUID | None, actor_id: UUID, now: datetime) -> None:
    """The account is closed for another one, or open again; journalled."""
    before, account.merged_into_id = account.merged_into_id, into
    session.add(
        Change(
            district_id=account.district_id,
            actor_account_id=actor_id,
            record="account",
            record_id=str(account.id),
            account_id=account.id,
            what="updated",
            before={"merged_into_id": before and str(before)},
            after={"merged_into_id": into and str(into)},
            at=now,
        )
    )


def _settle(session: Session, proposal: IdentityProposal, state: str, actor_id: UUID, now: datetime) -> None:
    """Decided, and neither of the two is signed in anywhere: who comes back is the right one."""
    for one in (proposal.known_account_id, proposal.new_account_id):
        end_all_sign_ins(session, Somebody(one, proposal.district_id), now=now)
    _note(session, proposal, state, actor_id, now)


def _note(session: Session, proposal: IdentityProposal, state: str, actor_id: UUID, now: datetime) -> None:
    proposal.state, proposal.decided_at, proposal.decided_by_id = state, now, actor_id
    note(
        session,
        f"same_person.{state}",
        at=now,
        district_id=proposal.district_id,
        account_id=actor_id,
        about=("identity_proposal", proposal.id),
        known=str(proposal.known_account_id),
        new=str(proposal.new_account_id),
    )
