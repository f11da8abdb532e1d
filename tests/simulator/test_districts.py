"""What the made-up districts are like."""

from collections import Counter
from datetime import date

import pytest

from webapp.simulator.index import Index
from webapp.simulator.seed import grow_district
from webapp.simulator.world import District

TODAY = date(2026, 11, 21)


def grown(size: str, *, number: int = 1, seed: int = 1) -> District:
    """A district that no server knows."""
    return grow_district(number, seed=seed, size=size, today=TODAY)


def test_the_demo_has_everything_that_one_meets_in_a_district() -> None:
    district = grown("demo")
    index = Index(district)
    kinds = Counter(one.kind for one in district.people.values())
    assert (len(district.schools), len(district.sections), kinds["student"]) == (3, 60, 900)
    assert kinds["teacher"] == 21
    assert any(len(index.teachers[one]) > 1 for one in district.sections)
    assert any(not index.taught.get(key) for key, one in district.people.items() if one.kind == "teacher")
    assert [one for one in district.sections if not index.students.get(one)]
    named = Counter((one.name, index.teachers[key][0]) for key, one in district.sections.items())
    (name, teacher), count = named.most_common(1)[0]
    assert count == 2
    twins = [key for key in index.taught[teacher] if district.sections[key].name == name]
    assert len({district.sections[key].period for key in twins}) == 2


@pytest.mark.parametrize("size", ["tiny", "demo"])
def test_every_student_has_several_sections_of_different_teachers(size: str) -> None:
    district = grown(size)
    index = Index(district)
    for key, person in district.people.items():
        if person.kind == "student":
            attended = index.attended[key]
            assert len(attended) > 1
            assert len({index.teachers[one][0] for one in attended}) == len(attended)


def test_one_term_runs_and_one_follows() -> None:
    terms = [one for one in grown("demo").terms.values() if one.kind == "term"]
    assert terms[0].starts < TODAY.isoformat() < terms[0].ends < terms[1].starts


def test_the_big_one_has_the_size_of_the_benchmarks() -> None:
    district = grown("S")
    kinds = Counter(one.kind for one in district.people.values())
    assert (kinds["student"], kinds["teacher"], len(district.sections)) == (5000, 300, 1500)
    assert 29_000 <= len(district.enrollments) <= 31_000


def test_equal_seeds_differ_only_in_what_is_unique_on_the_whole_server() -> None:
    first, second, other = grown("tiny"), grown("tiny", number=2), grown("tiny", seed=2)
    assert grown("tiny") == first
    assert first.people.keys() == second.people.keys() != other.people.keys()
    assert [one.name for one in first.people.values()] == [one.name for one in second.people.values()]
    for field in ("clever_id", "classlink_id"):
        assert not {getattr(one, field) for one in first.people.values()} & {
            getattr(one, field) for one in second.people.values()
        }


def test_clever_ids_ascend_in_the_order_of_creation() -> None:
    ids = [one.clever_id for one in grown("demo").people.values()]
    assert ids == sorted(set(ids))
    assert all(len(one) == 24 and one == one.lower() for one in ids)
