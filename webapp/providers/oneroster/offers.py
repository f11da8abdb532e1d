"""What one teacher could import, asked in few requests: somebody waits."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

from webapp.providers.answers import exact
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
    students = _students(feed, around, sections, today)
    return [
        SectionOffer(
            section=section,
            school=around.schools().get(section.school_source_id),
            terms=tuple(around.terms.find(section.term_source_ids)),
            course=around.courses.get(section.course_source_id),
            student_source_ids=students.get(section.source_id),
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


def _students(feed: Feed, around: Surroundings, sections: Sequence[Section], today: date) -> dict[str, frozenset[str]]:
    """Ids of the students in each class, as far as the server tells in a request or two, or one for each."""
    terms = {term.source_id: term for section in sections for term in around.terms.find(section.term_source_ids)}
    ended = {section.source_id for section in sections if over(section, terms, today)}
    students: dict[str, frozenset[str]] = {}
    ids = [section.source_id for section in sections if quotable(section.source_id)]
    for batch in (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE)):
        told = _read_together(feed, batch, ended, today)
        if not told:
            break
        students |= told
    for section in [section for section in sections if section.source_id not in students][:MOST_COUNTED]:
        students |= _read_alone(feed, section.source_id)
    return students


def _read_together(feed: Feed, classes: Sequence[str], ended: set[str], today: date) -> dict[str, frozenset[str]]:
    """Out of one filtered list. A class without any row is left out: its condition may have been overlooked."""
    pages = feed.related("enrollments", Enrollments, filter=any_of("class.sourcedId", classes))
    rows = verified(pages, lambda row: named(row.class_) in classes) or []
    students: dict[str, set[str]] = defaultdict(set)
    for one in current(rows, ended, today):
        if one.role is Role.STUDENT:
            students[one.section_source_id].add(one.person_source_id)
    return {class_: frozenset(students[class_]) for class_ in {named(row.class_) for row in rows}}


def _read_alone(feed: Feed, class_: str) -> dict[str, frozenset[str]]:
    """One by one, since the list of students may hold teachers too."""
    rows = verified(feed.related(below("classes", class_, "students"), Users), lambda row: True)
    if rows is None:
        return {}
    return {class_: frozenset(exact(row.source_id) for row in rows if there(row) and is_student(row))}
