"""What may have changed in a district, by `dateLastModified`. These are hints: what only disappears is never told here.

A change of the district's sharing rules, or a purge, makes records disappear without a word; only a full read finds
that. And an import may stamp every row anew, whether it changed or not; then a full read costs less.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlencode

from webapp.providers.answers import decode, exact
from webapp.providers.errors import NotShared, Unreachable
from webapp.providers.oneroster.feed import Feed
from webapp.providers.oneroster.paging import Rows
from webapp.providers.oneroster.records import Classes, Courses, Enrollments, Orgs, Row, Sessions, Users
from webapp.providers.oneroster.tally import OneRow
from webapp.providers.oneroster.translation import blank, named
from webapp.providers.oneroster.verified import UNKNOWN_REQUEST
from webapp.providers.service import Changes
from webapp.providers.wire import Failed

MOST = 2_000
"""Beyond so many changed rows a full read is not much dearer, and says more."""

MARGIN = timedelta(minutes=10)
"""Rows may be stamped by another clock than the one that answers (REL-31)."""

LONG_AGO, NEVER = "1970-01-01T00:00:00.000Z", "2999-12-31T00:00:00.000Z"


class TooMany(Exception):
    """More changes than are worth it."""


@dataclass(frozen=True)
class Mark:
    """A point in the life of a district's data: what was changed after `since` is new to us."""

    since: str
    revision: str
    """Of data and permissions; "" where the server does not tell."""

    def __str__(self) -> str:
        return f"{self.since} {self.revision}"


def mark(feed: Feed) -> str:
    """The point where a pull that begins now would stand; "" where the server cannot tell what changed after it."""
    feed.begin()
    try:
        usable = not _any_since(feed, NEVER) and _any_since(feed, LONG_AGO)
    except (NotShared, Unreachable):
        return ""  # If that was more than a question too hard, the pull that follows will find out.
    return str(_here(feed)) if usable else ""


def changes_since(feed: Feed, cursor: str) -> Changes | None:
    """What may have changed since; None where only a full read can say."""
    since, _, revision = cursor.partition(" ")
    feed.begin()
    feed.check_access()
    if revision and revision == feed.revision:
        return Changes(cursor)
    try:
        found = _changed(feed, since, str(_here(feed)))
    except (TooMany, NotShared):
        return None
    except Failed as refusal:
        if refusal.status not in UNKNOWN_REQUEST:
            raise
        return None
    # A new revision without a changed row: what is shared has changed, or something is gone.
    nothing = not (found.sections or found.people or found.around)
    return None if nothing and feed.revision else found


def _here(feed: Feed) -> Mark:
    now = feed.began or datetime.now(UTC)
    return Mark(f"{now - MARGIN:%Y-%m-%dT%H:%M:%S.000Z}", feed.revision)


def _changed(feed: Feed, since: str, cursor: str) -> Changes:
    enrollments = _few(feed, "enrollments", Enrollments, since)
    classes = _few(feed, "classes", Classes, since)
    people = _few(feed, "users", Users, since)
    around = [
        *_few(feed, "courses", Courses, since),
        *_few(feed, "academicSessions", Sessions, since),
        *_few(feed, "orgs", Orgs, since),
    ]
    if len(enrollments) + len(classes) + len(people) + len(around) > MOST:
        raise TooMany
    sections = _ids(classes) | {named(row.class_) for row in enrollments}
    return Changes(cursor, frozenset(sections - {""}), _ids(people), _ids(around))


def _few(feed: Feed, path: str, kind: type[Rows[OneRow]], since: str) -> list[OneRow]:
    rows = feed.few(path, kind, MOST, filter=_after(since))
    if rows is None:
        raise TooMany
    return rows


def _any_since(feed: Feed, since: str) -> bool:
    query = urlencode({"limit": 1, "filter": _after(since)}, quote_via=quote)
    return bool(decode(feed.wire, feed.get(f"classes?{query}"), Classes).rows)


def _after(since: str) -> str:
    return f"dateLastModified>'{since}'"


def _ids(rows: list[Row] | list[OneRow]) -> frozenset[str]:
    return frozenset(exact(row.source_id) for row in rows if not blank(row.source_id))
