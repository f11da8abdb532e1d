"""Which enrollments count on a day."""

from collections.abc import Iterable
from datetime import date

from webapp.providers.dates import day
from webapp.providers.oneroster.records import EnrollmentRow
from webapp.providers.oneroster.translation import gone, named, to_enrollment
from webapp.roster.records import Enrollment, Section, Term


def over(section: Section, terms: dict[str, Term], today: date) -> bool:
    """True where every term of the section is known and past. OneRoster's end dates are exclusive."""
    ends = [terms[term].ends_on if term in terms else None for term in section.term_source_ids]
    return bool(ends) and all(end is not None and end <= today for end in ends)


def current(rows: Iterable[EnrollmentRow], over_sections: frozenset[str] | set[str], today: date) -> list[Enrollment]:
    """The students and teachers of these rows who stand in their class, or stood in it when its terms ended.

    Those who only begin later count: teachers import in August. When all terms are over everybody's enrollment has
    ended, and the roster stays as it was. Their own ids are not needed: class, person and role say all.
    """
    kept = [row for row in rows if not gone(row) and (not _ended(row, today) or named(row.class_) in over_sections)]
    return [enrollment for row in kept if (enrollment := to_enrollment(row))]


def each_once(enrollments: Iterable[Enrollment]) -> list[Enrollment]:
    """One enrollment for each person and role of a class, primary where any of the rows is."""
    merged: dict[tuple[str, str, str], Enrollment] = {}
    for enrollment in enrollments:
        key = (enrollment.section_source_id, enrollment.person_source_id, enrollment.role)
        if key not in merged or enrollment.primary:
            merged[key] = enrollment
    return list(merged.values())


def _ended(row: EnrollmentRow, today: date) -> bool:
    ends = day(row.end_date)
    return ends is not None and ends <= today
