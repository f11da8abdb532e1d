"""What one teacher could import, asked in few requests: somebody waits."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from webapp.providers.errors import IncompleteAnswer, NotShared
from webapp.providers.oneroster.around import Surroundings
from webapp.providers.oneroster.enrollments import current, each_once, over
from webapp.providers.oneroster.feed import Feed, below
from webapp.providers.oneroster.records import Classes, ClassRow, Enrollments, OneClass, OneUser, Users
from webapp.providers.oneroster.translation import is_student, is_teacher, named, there, to_section
from webapp.providers.oneroster.verified import any_of, quotable, verified
from webapp.roster.records import Role, Section, SectionOffer

MOST_COUNTED = 40
"""Where each head count takes a request of its own, nobody waits for more."""

AT_ONCE = 20
"""Classes that one request counts: its address must stay below the length that servers take."""


def section_offers(feed: Feed, around: Surroundings, teacher: str, today: date) -> list[SectionOffer]:
    """Every class that names her as a teacher. Raises NotShared where she is not shared."""
    around.schools()  # first, since a server that refuses this list's limit or order says so clearly
    sections = [to_section(row) for row in _taught(feed, teacher, today) if there(row)]
    around.of(sections)
    counts = _head_counts(feed, around, sections, today)
    return [
        SectionOffer(
            section=section,
            school=around.schools().get(section.school_source_id),
            terms=tuple(around.terms.find(section.term_source_ids)),
            course=around.courses.get(section.course_source_id),
            students=counts.get(section.source_id),
        )
        for section in sections
    ]


def _taught(feed: Feed, teacher: str, today: date) -> list[ClassRow]:
    """Her classes. ClassLink tells those of the current terms here, which are those that people import.

    Some servers do not know the path, and say so by 404 or by an empty list.
    """
    found = verified(feed.related(below("teachers", teacher, "classes"), Classes), lambda row: True)
    return found or list(_named_by_enrollments(feed, teacher, today)) or _classes_of_user(feed, teacher)


def _named_by_enrollments(feed: Feed, teacher: str, today: date) -> Iterator[ClassRow]:
    """The classes in which she is enrolled as a teacher, of a server that filters enrollments."""
    if not quotable(teacher):
        return
    pages = feed.related("enrollments", Enrollments, filter=any_of("user.sourcedId", [teacher]))
    rows = verified(pages, lambda row: named(row.user) == teacher) or []
    for enrollment in each_once(current(rows, set(), today)):
        if enrollment.role is Role.TEACHER:
            try:
                yield feed.one("classes", enrollment.section_source_id, OneClass)
            except NotShared:
                continue


def _classes_of_user(feed: Feed, teacher: str) -> list[ClassRow]:
    """All her classes, where she is a teacher and nothing else: this list does not say what she is in them."""
    user = feed.one("users", teacher, OneUser)
    if is_student(user) or not is_teacher(user) or not there(user):
        return []
    found = verified(feed.related(below("users", teacher, "classes"), Classes), lambda row: True)
    if found is None:
        raise IncompleteAnswer("The roster server does not tell which classes somebody teaches.")
    return found


def _head_counts(feed: Feed, around: Surroundings, sections: Sequence[Section], today: date) -> dict[str, int]:
    """How many students each class has, as far as the server tells in a request or two, or one for each."""
    terms = {term.source_id: term for section in sections for term in around.terms.find(section.term_source_ids)}
    ended = {section.source_id for section in sections if over(section, terms, today)}
    counts: dict[str, int] = {}
    ids = [section.source_id for section in sections if quotable(section.source_id)]
    for batch in (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE)):
        told = _counted_together(feed, batch, ended, today)
        if not told:
            break
        counts |= told
    for section in [section for section in sections if section.source_id not in counts][:MOST_COUNTED]:
        counts |= _counted_alone(feed, section.source_id)
    return counts


def _counted_together(feed: Feed, classes: Sequence[str], ended: set[str], today: date) -> dict[str, int]:
    """Counts out of one filtered list. A class without any row is left out: its condition may have been overlooked."""
    pages = feed.related("enrollments", Enrollments, filter=any_of("class.sourcedId", classes))
    rows = verified(pages, lambda row: named(row.class_) in classes) or []
    students = Counter(
        one.section_source_id for one in each_once(current(rows, ended, today)) if one.role is Role.STUDENT
    )
    return {class_: students[class_] for class_ in {named(row.class_) for row in rows}}


def _counted_alone(feed: Feed, class_: str) -> dict[str, int]:
    """Counted one by one, since the list of students may hold teachers too."""
    rows = verified(feed.related(below("classes", class_, "students"), Users), lambda row: True)
    return {} if rows is None else {class_: sum(is_student(row) for row in rows if there(row))}
