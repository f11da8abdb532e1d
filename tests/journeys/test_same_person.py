"""A student comes anew at the service: the license admin is asked, joins the two, and takes it back."""

from playwright.sync_api import Page, expect

from tests.journeys.test_hold import become_license_admin, looks_right
from tests.journeys.test_look import accept, tab_to
from tests.journeys.test_teacher import import_section
from tests.journeys.town import Thing, Town, a_town
from tests.product import Product


def test_REL_30_a_new_id_is_judged_by_keyboard_and_each_of_its_pages_is_accessible(
    product: Product, page: Page
) -> None:
    town, student = somebody_came_anew(product, page)
    become_license_admin(town, page, heading="Same person?")
    looks_right(page)
    page.get_by_role("link", name="Look at it").click()
    expect(page.get_by_role("heading", name="1 question waits")).to_be_visible()
    looks_right(page)
    page.get_by_role("link", name=student["name"]).click()
    expect(page.get_by_text("a new id whose SIS id is that of somebody who is here already")).to_be_visible()
    looks_right(page)
    for heading in ("Are these two the same person?", "Same person?"):
        tab_to(page, "Same person")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
        looks_right(page)
    expect(page.get_by_text("They are one person now.")).to_be_visible()
    tab_to(page, "Undo")
    page.keyboard.press("Enter")
    expect(page.get_by_text("They are two people again")).to_be_visible()
    looks_right(page)
    page.get_by_role("link", name="All questions").click()
    expect(page.get_by_text("Nothing to decide")).to_be_visible()
    looks_right(page)


def somebody_came_anew(product: Product, page: Page) -> tuple[Town, Thing]:
    """A student of an imported class was made anew at the service, and a sync has met the new id."""
    town = a_town(product, "clever")
    section = max(town.truth()["sections"], key=lambda one: len(town.people_of(one, "student")))
    accept(town, page, town.people_of(section, "teacher")[0])
    import_section(page, section)
    page.get_by_role("link", name=section["name"]).click()
    student = town.people_of(section, "student")[0]
    town.move("user_made_anew", person=student["sourced_id"])
    page.get_by_role("button", name="Sync now").click()
    expect(page.get_by_text("Last synced just now")).to_be_visible(timeout=20_000)
    return town, student
