"""Terms come anew, and so does the school year."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from webapp.simulator.moves.mover import CannotMove, Move, Mover, find, told
from webapp.simulator.world import Section

A_YEAR = timedelta(weeks=52)


def term_remade(mover: Mover) -> dict[str, Any]:
    """A term's dates change, and Clever makes it anew with another id."""
    terms = {key: one for key, one in mover.district.terms.items() if one.kind != "schoolYear"}
    term = find(terms, mover.wish.to) if mover.wish.to else mover.pick(list(terms.values()))
    before = term.clever_id
    term.clever_id = mover.district.next_ids()[0]
    term.ends = later(term.ends, timedelta(days=7))
    term.created = term.modified = mover.now
    return told(f"{term.name} was made anew.") | {"term": term.clever_id, "before": before}


def semester_turns(mover: Mover) -> dict[str, Any]:
    """A section's term ended three days ago, and a new section takes its place in the term that follows: same teachers,
    all students but one."""
    section = mover.section_with_students()
    term = mover.district.terms[section.terms[0]]
    later_terms = [one for one in mover.district.terms.values() if one.kind == term.kind and one.starts > term.starts]
    if not later_terms:
        raise CannotMove(f"No term follows {term.name} in this district.")
    following, today = min(later_terms, key=lambda one: one.starts), date.fromisoformat(mover.now[:10])
    term.ends, following.starts = str(today - timedelta(days=3)), str(today - timedelta(days=2))
    term.modified = following.modified = mover.now
    heir = next_section(mover, section, following.sourced_id)
    return told(f"{section.name} goes on in {following.name}.", heir) | {"before": section.clever_id}


def next_section(mover: Mover, section: Section, term: str) -> Section:
    """The section of the next term, with its people."""
    key = f"{section.sourced_id}-t{mover.district.moves_made + 1}"
    heir = new_section(mover, section, {section.sourced_id: key, section.terms[0]: term})
    mover.district.sections[key] = heir
    people, index = mover.district.people, mover.index
    for place, teacher in enumerate(index.teachers.get(section.sourced_id, [])):
        mover.enroll(heir, people[teacher], "teacher", primary=place == 0)
    for student in index.students[section.sourced_id][1:]:
        mover.enroll(heir, people[student], "student")
    return heir


def rollover(mover: Mover) -> dict[str, Any]:
    """The night between two school years: every term, section and enrollment is a new one; people and courses stay."""
    district = mover.district
    known = {one: f"{one}-y{district.moves_made + 1}" for one in (*district.terms, *district.sections)}
    roll_terms(mover, known)
    for course in district.courses.values():
        course.school_year = known.get(course.school_year, course.school_year)
    old, followed = district.sections, next_students(mover)
    district.sections = {known[key]: new_section(mover, one, known) for key, one in old.items()}
    roll_enrollments(mover, known, followed)
    district.unshared = [one for one in district.unshared if one not in old]
    return told(f"A new school year: {len(old)} sections are new.") | {"sections": len(old)}


def roll_terms(mover: Mover, known: dict[str, str]) -> None:
    """Every term again, a year later."""
    terms = [
        replace(
            term,
            sourced_id=known[key],
            clever_id=mover.district.next_ids()[0],
            created=mover.now,
            modified=mover.now,
            starts=later(term.starts, A_YEAR),
            ends=later(term.ends, A_YEAR),
            parent=known.get(term.parent, term.parent),
            school_year=str(int(term.school_year) + 1) if term.school_year.isdigit() else term.school_year,
            name="-".join(str(int(one) + 1) if one.isdigit() else one for one in term.name.split("-")),
        )
        for key, term in mover.district.terms.items()
    ]
    mover.district.terms = {term.sourced_id: term for term in terms}


def new_section(mover: Mover, section: Section, known: dict[str, str]) -> Section:
    """The section once more, with the terms that follow its own."""
    return replace(
        section,
        sourced_id=known[section.sourced_id],
        clever_id=mover.district.next_ids()[0],
        created=mover.now,
        modified=mover.now,
        terms=[known.get(one, one) for one in section.terms],
    )


def next_students(mover: Mover) -> dict[str, str]:
    """For each section the one whose students it will have next year: another one of its school and grade."""
    alike: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for key, section in mover.district.sections.items():
        alike.setdefault((section.school, tuple(section.grades)), []).append(key)
    return {key: then for group in alike.values() for key, then in zip(group, group[1:] + group[:1], strict=True)}


def roll_enrollments(mover: Mover, known: dict[str, str], followed: dict[str, str]) -> None:
    """Teachers keep their sections, students go on to the next ones."""
    follower = {then: key for key, then in followed.items()}
    fresh = {}
    for key, one in mover.district.enrollments.items():
        section = known[follower[one.section] if one.role == "student" else one.section]
        terms = [
            mover.district.terms[term] for term in mover.district.sections[section].terms if term in known.values()
        ]
        fresh[f"{key}-y{mover.district.moves_made + 1}"] = replace(
            one,
            sourced_id=f"{key}-y{mover.district.moves_made + 1}",
            section=section,
            begins=terms[0].starts if terms else mover.now[:10],
            ends="",
            modified=mover.now,
        )
    mover.district.enrollments = fresh


def later(day: str, by: timedelta) -> str:
    """A date so much later; no date stays none."""
    return (date.fromisoformat(day) + by).isoformat() if day else ""


MOVES: dict[str, Move] = {"term_remade": term_remade, "semester_turns": semester_turns, "rollover": rollover}
