"""Lists that a server may not know how to make: what it gives is believed as far as it fits to the question."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from webapp.providers.errors import NotShared
from webapp.providers.oneroster.tally import OneRow
from webapp.providers.wire import Failed

UNKNOWN_REQUEST = {400, 405, 422, 501}
"""How servers say, besides 404, that they do not know a path or a filter."""


def verified(pages: Iterator[Sequence[OneRow]], fits: Callable[[OneRow], bool]) -> list[OneRow] | None:
    """The rows, or None where the server does not know the request or ignores what it asks for.

    An empty list is no proof that there is nothing: some servers give one for a path that they do not know.
    """
    rows: list[OneRow] = []
    try:
        for page in pages:
            if not all(map(fits, page)):
                return None
            rows += page
    except NotShared:
        return None
    except Failed as refusal:
        if refusal.status not in UNKNOWN_REQUEST:
            raise
        return None
    return rows


def any_of(field: str, ids: Iterable[str]) -> str:
    """A filter for records whose field is one of these ids, none of which has a quote.

    The standard allows two conditions; ClassLink takes as many as come, and who does not is found out by the answer.
    """
    return " OR ".join(f"{field}='{id_}'" for id_ in ids)


def quotable(id_: str) -> bool:
    """False for an id that cannot stand in a filter: how a quote is written inside is not settled."""
    return "'" not in id_
