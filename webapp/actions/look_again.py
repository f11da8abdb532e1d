"""Look up once more, class by class, who would go by a fetch of whole collections (safety.md REL-2)."""

from collections.abc import Sequence
from dataclasses import replace

from webapp.actions.open_run import OpenRun
from webapp.actions.settle_run import Fetched
from webapp.store.checkpoints import checkpoint
from webapp.store.staging import Stage

LOOK_UPS = 200
"""So many classes a run. What lies beyond is held, and comes first in a later run."""


def look_again(run: OpenRun, stage: Stage, fetched: Fetched, losing: Sequence[str]) -> Fetched:
    """Who was found again in these sections is in the stage; the fetch as it is then. Raises ProviderError.

    A list may look whole and lack a page. A class that is asked for by its own id is another witness.
    """
    checkpoint("look_again.compared")
    for page in run.reader.sections(losing[:LOOK_UPS]):
        stage.put_again(page)
    stage.take_in()
    checkpoint("look_again.done")
    return replace(fetched, requests=run.reader.requests, looked_again=True, not_looked_up=losing[LOOK_UPS:])
