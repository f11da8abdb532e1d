"""A student's way in: from the portal or tile, and by the button of the login page."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_teacher import import_section
from tests.journeys.town import Thing, Town, a_town
from tests.product import Product


@pytest.mark.parametrize("service", ["clever", "classlink"])
def test_a_student_finds_her_class_both_ways_and_another_reads_that_it_is_not_there_yet(
    product: Product, page: Page, service: str
) -> None:
    town = a_town(product, service)
    section = imported_section(town, page)
    student, classmate = town.people_of(section, "student")[:2]

    forget_everybody(page)
    town.open_from_portal(page, student)
    expect(page.get_by_role("link", name=section["name"])).to_be_visible()

    forget_everybody(page)
    page.goto(f"{product.url}/login")
    page.get_by_role("link", name=town.log_in).click()
    town.choose(page, student)
    page.get_by_role("link", name=section["name"]).click()
    expect(page.get_by_role("heading", name=section["name"])).to_be_visible()
    expect(page.get_by_text(town.people_of(section, "teacher")[0]["name"])).to_be_visible()
    expect(page.get_by_text(classmate["family"])).to_be_hidden()

    forget_everybody(page)
    town.open_from_portal(page, student_without_class(town, section["sourced_id"]))
    expect(page.get_by_text("Your teacher has to add your class first.")).to_be_visible()
    expect(page.get_by_role("link", name=section["name"])).to_be_hidden()


def imported_section(town: Town, page: Page) -> Thing:
    """A section that its teacher has imported."""
    section = town.section()
    page.goto(town.invite(town.people_of(section, "teacher")[0]))
    page.get_by_role("button", name=town.log_in).click()
    town.choose(page, town.people_of(section, "teacher")[0])
    import_section(page, section)
    return section


def student_without_class(town: Town, imported: str) -> Thing:
    """A shared student who is not in the imported section."""
    truth = town.truth()
    inside = {row["person"] for row in truth["enrollments"] if row["section"] == imported}
    return next(one for one in truth["people"] if one["role"] == "student" and one["sourced_id"] not in inside)


def forget_everybody(page: Page) -> None:
    """Another person sits down at this browser."""
    page.context.clear_cookies()
