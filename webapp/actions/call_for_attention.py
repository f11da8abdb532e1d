"""Tell those who decide why a run was given up: one letter for each cause, until a good sync or for a day (REL-11)."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from webapp.actions.disconnect import LIVE
from webapp.store.outbox import put
from webapp.store.questions.deciders import LATELY, deciders, told_of_cause
from webapp.store.tables import Connection, SyncRun


class Cause(StrEnum):
    """Why a run was given up; attention_words.py has the words."""

    REFUSED = "refused"
    """The service no longer lets us in."""
    BROKE_OFF = "broke_off"
    """It killed its worker again and again, or the database failed it: our side."""
    SILENT = "silent"
    """For four weeks there was no whole answer to syncs of everything, which are no longer tried."""
    UNANSWERED = "unanswered"
    """There was no whole answer to an import or a sync of some classes; everything else goes on."""
    STUCK = "stuck"
    """The service failed it in a way that trying again does not mend."""


OF_THE_CONNECTION = {Cause.REFUSED, Cause.UNANSWERED}
"""What fails an import for a reason that is not one teacher's wish; the others she reads on her own page."""


def call_for_attention(session: Session, run: SyncRun, cause: Cause, now: datetime) -> None:
    """Those who decide have a letter of this run, which failed, and its connection asks for attention where it must.

    Nobody is told of an undo, which asks no service, nor of the same cause twice.
    """
    if run.kind == "undo" or (run.kind == "import" and cause not in OF_THE_CONNECTION):
        return
    # Two runs that fail at once are told of once.
    connection = session.get_one(Connection, run.connection_id, with_for_update={"key_share": True})
    if connection.state not in LIVE:
        return  # Disconnected or closed: nothing is expected of the service.
    # While no sync was good since, it is the same trouble still, and the daily letter tells of it.
    since = min(now - LATELY, connection.last_good_sync_at or connection.made_at)
    if not told_of_cause(session, connection.id, cause, since):
        _tell(session, run, cause, now)
    if marks_connection(run, cause):
        connection.state, connection.state_reason, connection.note = "attention", run.reason, None


def marks_connection(run: SyncRun, cause: Cause) -> bool:
    """True where the run says something about the whole connection; otherwise the other syncs go on as before."""
    return cause is Cause.REFUSED or run.scope is None


def _tell(session: Session, run: SyncRun, cause: Cause, now: datetime) -> None:
    about: dict[str, object] = {"connection_id": run.connection_id, "run_id": run.id, "cause": cause}
    for account_id in deciders(session):
        put(session, "attention", district_id=run.district_id, now=now, token=None, account_id=account_id, **about)
