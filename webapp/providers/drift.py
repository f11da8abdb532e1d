"""When the service's data move under our hands, the pull begins again."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from webapp.providers.errors import IncompleteAnswer
from webapp.roster.records import Record

PULLS = 3
"""So often is one pull tried before it counts as incomplete."""

T = TypeVar("T")
Pages = Iterator[Sequence[Record]]


class Drift(IncompleteAnswer):
    """Pages contradict each other: a record twice, a total that changed, a new revision in the middle."""


def steadily(pull: Callable[[], Pages], forget: Callable[[], None] | None) -> Pages:
    """The pages of one steady pull. Before beginning again it calls `forget`; without one drift is raised at once."""
    for _ in range(PULLS - 1):
        try:
            yield from pull()
        except Drift:
            if forget is None:
                raise
            forget()
        else:
            return
    yield from pull()


def settled(ask: Callable[[], T]) -> T:
    """What `ask` says once it was not disturbed. Raises Drift where that never happens."""
    for _ in range(PULLS - 1):
        try:
            return ask()
        except Drift:
            continue
    return ask()
