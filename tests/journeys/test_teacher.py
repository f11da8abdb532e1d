"""A teacher's way from the letter to a class that keeps itself right, in a real browser against both services."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.town import Thing, Town, a_town
from tests.product import Product


@pytest.mark.parametrize("service", ["clever", "classlink"])
def test_from_the_invitation_to_a_class_that_keeps_itself_right(product: Product, page: Page, service: str) -> None:
    town = a_town(product, service)
    section = town.section()
    teacher = town.people_of(section, "teacher")[0]

    page.goto(town.invite(teacher))
    page.get_by_role("button", name=town.log_in).click()
    town.choose(page, teacher)
    expect(page.get_by_role("heading", name="My Classes")).to_be_visible()
    expect(page.get_by_text(teacher["name"])).to_be_visible()

    import_section(page, section)
    page.get_by_role("link", name=section["name"]).click()
    expect_roster(page, town, section)

    newcomer = joined(town, section)
    page.get_by_role("button", name="Sync now").click()
    expect(page.get_by_role("row", name=newcomer["family"])).to_be_visible(timeout=20_000)
    expect_roster(page, town, section)
    page.get_by_role("link", name="Changes").click()
    expect(page.get_by_text(f"Joined: {newcomer['given']} {newcomer['family']}")).to_be_visible()

    page.get_by_role("button", name="Log out").click()
    page.goto(f"{product.url}/classes")
    expect(page.get_by_role("heading", name="My Classes")).to_be_hidden()
    town.open_from_portal(page, teacher)
    expect(page.get_by_role("heading", name="My Classes")).to_be_visible()
    expect(page.get_by_role("link", name=section["name"])).to_be_visible()


@pytest.mark.parametrize("service", ["clever", "classlink"])
def test_a_teacher_with_a_password_links_her_service_at_the_import_list(
    product: Product, page: Page, service: str
) -> None:
    town = a_town(product, service)
    section = town.section()
    teacher = town.people_of(section, "teacher")[0]

    page.goto(town.invite(teacher))
    page.get_by_label("First name").fill(teacher["given"])
    page.get_by_label("Last name").fill(teacher["family"])
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Create account").click()
    open_import_list(page)
    expect(page.get_by_text(f"not linked to {town.label} yet")).to_be_visible()
    page.get_by_role("button", name=town.log_in).click()
    town.choose(page, teacher)
    expect(page.get_by_role("checkbox", name=section["name"])).to_be_visible()


def test_a_co_teacher_joins_the_same_class_and_a_second_import_is_not_offered(product: Product, page: Page) -> None:
    town = a_town(product, "clever")
    section = next(one for one in town.truth()["sections"] if len(town.people_of(one, "teacher")) > 1)
    first, second = town.people_of(section, "teacher")[:2]
    for teacher in (first, second):
        page.context.clear_cookies()
        page.goto(town.invite(teacher))
        page.get_by_role("button", name=town.log_in).click()
        town.choose(page, teacher)
        if teacher is first:
            import_section(page, section)
    expect(page.get_by_role("link", name=section["name"])).to_be_visible()
    open_import_list(page)
    expect(page.get_by_role("checkbox", name=section["name"])).to_be_disabled()
    expect(page.get_by_text(f"imported by {first['given']} {first['family']}")).to_be_visible()


def open_import_list(page: Page) -> None:
    """From **My Classes** to the list."""
    page.get_by_role("button", name="Add Classes").click()
    page.get_by_role("link", name="Add from Rostering Service").click()
    expect(page.get_by_role("heading", name="Add from Rostering Service")).to_be_visible()


def import_section(page: Page, section: Thing) -> None:
    """Tick one section, add it, and wait for the end of the progress bar."""
    open_import_list(page)
    page.get_by_role("checkbox", name=section["name"]).check()
    page.get_by_role("button", name="+Add Classes").click()
    expect(page.get_by_role("heading", name="Your class is here")).to_be_visible(timeout=20_000)


def joined(town: Town, section: Thing) -> Thing:
    """A student who joins the section now."""
    before = {person["sourced_id"] for person in town.people_of(section, "student")}
    town.move("student_joins", section=section["sourced_id"])
    return next(one for one in town.people_of(section, "student") if one["sourced_id"] not in before)


def expect_roster(page: Page, town: Town, section: Thing) -> None:
    """The page shows exactly the students whom the district has in this section."""
    students = town.people_of(section, "student")
    expect(page.get_by_role("columnheader", name=re.compile(f"^{len(students)} student"))).to_be_visible()
    shown = sorted(row.inner_text().split("\t")[0] for row in page.locator("tbody tr").all())
    assert shown == sorted(one["name"] for one in students)
