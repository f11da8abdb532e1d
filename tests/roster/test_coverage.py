"""Which license a class belongs to, and which sections are of the present."""

from datetime import date
from uuid import UUID

from webapp.roster.coverage import Coverage, is_current, licenses_for
from webapp.roster.records import School, Term

WHOLE = Coverage(UUID(int=1), "Whole district", frozenset())
NORTH = Coverage(UUID(int=2), "North", frozenset({"990000000001"}))
SOUTH = Coverage(UUID(int=3), "South", frozenset({"south-source-id"}))
TODAY = date(2026, 10, 5)


def test_a_license_that_names_the_school_comes_before_the_whole_districts():
    assert licenses_for(School("n", "North", "990000000001"), [WHOLE, NORTH]) == [NORTH]
    assert licenses_for(School("south-source-id", "South"), [WHOLE, NORTH, SOUTH]) == [SOUTH]
    assert licenses_for(School("e", "East", "990000000009"), [WHOLE, NORTH]) == [WHOLE]


def test_a_school_that_no_license_covers_has_none():
    assert licenses_for(School("e", "East"), [NORTH, SOUTH]) == []
    assert licenses_for(School("e", "East", nces_id=""), [NORTH]) == []


def test_two_licenses_for_one_school_are_for_the_teacher_to_pick_from():
    other = Coverage(UUID(int=4), "Other", frozenset({"990000000001"}))
    assert licenses_for(School("n", "North", "990000000001"), [NORTH, other]) == [NORTH, other]


def test_a_license_runs_through_its_last_day():
    assert Coverage(UUID(int=1), "x", frozenset(), ends_on=TODAY).running(TODAY)
    assert not Coverage(UUID(int=1), "x", frozenset(), ends_on=date(2026, 10, 4)).running(TODAY)


def test_a_section_is_current_while_one_of_its_terms_runs():
    autumn = Term("a", "Autumn", date(2026, 8, 20), date(2026, 12, 20))
    spring = Term("s", "Spring", date(2027, 1, 4), date(2027, 6, 1))
    assert is_current([autumn], TODAY) and is_current([spring, autumn], TODAY) and is_current([], TODAY)
    assert not is_current([spring], TODAY)
    assert is_current([Term("u", "Unknown")], TODAY)
