"""Whether a page can be what it says: of this district, and with the fields that tell who is where.

Nothing in a OneRoster page says whose it is. But its records name others that were told before.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from webapp.providers.answers import exact, text
from webapp.providers.drift import Drift
from webapp.providers.errors import IncompleteAnswer, NotShared
from webapp.providers.oneroster.feed import Feed, One
from webapp.providers.oneroster.records import (
    ClassRow,
    EnrollmentRow,
    OneClass,
    OneEnrollment,
    OneOrg,
    OneUser,
    OrgRow,
    UserRow,
)
from webapp.providers.oneroster.tally import OneRow
from webapp.providers.oneroster.translation import gone, named, orgs_of, there
from webapp.providers.oneroster.words import words

SAMPLE = 100
"""So many rows of a page are looked at, evenly spread: what is wrong with most of it shows in them."""

Named = tuple[str, type[One[Any]]]
"""A collection, and the envelope of one of its objects."""

ORG: Named = ("orgs", OneOrg)
CLASS: Named = ("classes", OneClass)
USER: Named = ("users", OneUser)
ENROLLMENT: Named = ("enrollments", OneEnrollment)


class Pull:
    """One pull of a whole district, with the ids that its later pages should name. Checks raise IncompleteAnswer."""

    def __init__(self, feed: Feed, orgs: Iterable[OrgRow]) -> None:
        self._feed = feed
        self._orgs = {exact(row.source_id) for row in orgs}
        self._classes: set[str] = set()

    def check_classes(self, rows: Sequence[ClassRow]) -> None:
        """Classes name schools."""
        self._check(rows, CLASS, lambda row: [named(row.school)], ORG, self._orgs)
        self._classes.update(exact(row.source_id) for row in rows)

    def check_enrollments(self, rows: Sequence[EnrollmentRow]) -> None:
        """Enrollments name classes."""
        must_say_who(rows)
        self._check(rows, ENROLLMENT, lambda row: [named(row.class_)], CLASS, self._classes)

    def check_users(self, rows: Sequence[UserRow]) -> None:
        """Users name orgs."""
        _must_hold(rows, lambda row: any(map(text, words(row.role))) or bool(row.roles))
        self._check(rows, USER, orgs_of, ORG, self._orgs)

    def _check(
        self,
        rows: Sequence[OneRow],
        kind: Named,
        references: Callable[[OneRow], Iterable[str]],
        target: Named,
        told: Collection[str],
    ) -> None:
        """A page of which every reference dangles is asked about: some districts do not share what they name."""
        dangling = ((row, id_) for row in rows if not gone(row) for id_ in references(row) if id_)
        first = None
        for row, id_ in dangling:
            if id_ in told:
                return
            first = first or (exact(row.source_id), id_)
        if first and told and not (self._shares(kind, first[0]) and not self._shares(target, first[1])):
            raise Drift("The roster server sent records that do not belong together.")

    def _shares(self, kind: Named, source_id: str) -> bool:
        try:
            return there(self._feed.one(kind[0], source_id, kind[1]))
        except NotShared:
            return False


def must_say_who(rows: Sequence[EnrollmentRow]) -> None:
    """Raise IncompleteAnswer where most of these do not say who is in which class; a few odd ones are set aside."""
    _must_hold(rows, lambda row: bool(named(row.class_) and named(row.user)))


def _must_hold(rows: Sequence[OneRow], holds: Callable[[OneRow], bool]) -> None:
    some = rows[:: 1 + len(rows) // SAMPLE]
    if sum(map(holds, some)) * 2 < len(some):
        raise IncompleteAnswer("The roster server sent records without what they are there for.")
