"""Between two semesters: a class goes on with its new section, keeps its history, and its teacher may take it back."""

import re

from playwright.sync_api import Browser, Page, expect

from tests.journeys.test_look import signed_in_with_a_class, tab_to
from tests.journeys.test_undo import looks_right
from tests.journeys.town import Thing, Town
from tests.product import Product


def after_the_semester(product: Product, page: Page) -> tuple[Town, Thing, str, Thing]:
    """A teacher at the import list, between two semesters: her section, the path of its class, and what happened."""
    town, section = signed_in_with_a_class(product, page)
    path = str(page.get_by_role("link", name=section["name"]).get_attribute("href"))
    turned = town.move("semester_turns", section=section["sourced_id"])
    page.goto(f"{product.url}/classes/add")
    return town, section, path, turned


def students_of(town: Town, turned: Thing) -> tuple[list[Thing], Thing]:
    """Who is in the new section, and who is not any more."""
    sections = {one["clever_id"]: one for one in town.truth()["sections"]}
    new = town.people_of(sections[turned["section"]], "student")
    old = town.people_of(sections[turned["before"]], "student")
    gone = [one for one in old if one["sourced_id"] not in {each["sourced_id"] for each in new}]
    return new, gone[0]


def test_a_class_goes_on_in_the_next_semester_by_keyboard_and_undo_brings_the_old_section_back(
    product: Product, page: Page, browser: Browser
) -> None:
    town, section, path, turned = after_the_semester(product, page)
    stays, gone = students_of(town, turned)
    choice = page.get_by_role("radio", name=f"Continue {section['name']} (keep its history)")
    expect(choice).to_be_checked()
    tab_to(page, str(page.locator(f'[value="{turned["section"]}"]').get_attribute("aria-label")))
    page.keyboard.press("Space")
    tab_to(page, "+Add Classes")
    page.keyboard.press("Enter")
    expect(page.get_by_text("goes on with its history")).to_be_visible(timeout=20_000)
    assert page.get_by_role("link", name=section["name"]).get_attribute("href") == path
    a_student_enters(town, browser, stays[0], section)
    page.goto(product.url + path)
    expect(page.get_by_role("row", name=stays[0]["family"]).first).to_be_visible()
    page.get_by_role("link", name="Changes").click()
    expect(page.get_by_text("The class goes on with another section, and keeps its history.")).to_be_visible()
    expect(page.get_by_text(f"Left: {gone['given']} {gone['family']}")).to_be_visible()
    expect(page.get_by_text("The class was made.")).to_be_visible()
    looks_right(page, product, ["/classes/add", path, f"{path}/changes"])
    page.goto(f"{product.url}{path}/changes")
    page.get_by_role("link", name="Undo: Imported").first.click()
    expect(page.get_by_text(f"The class has the section “{section['name']}” again.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("The class has the section again that it had before.")).to_be_visible(timeout=20_000)
    expect(page.get_by_text(f"Put back: {gone['given']} {gone['family']}")).to_be_visible()


def test_the_import_list_with_a_suggestion_is_accessible_and_a_click_on_a_choice_ticks_its_section(
    product: Product, page: Page
) -> None:
    town, section, path, turned = after_the_semester(product, page)
    looks_right(page, product, ["/classes/add", f"/classes/add?class={path.rpartition('/')[2]}"])
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{product.url}/classes/add")
    page.get_by_text("New class").click()
    expect(page.locator(f'[name="section"][value="{turned["section"]}"]')).to_be_checked()
    expect(page.get_by_text("1 class ticked")).to_be_visible()


def test_a_pupil_who_changes_period_is_one_line_in_both_classes_that_reads_well(product: Product, page: Page) -> None:
    town, section = signed_in_with_a_class(product, page)
    teacher = town.people_of(section, "teacher")[0]
    hers = {row["section"] for row in town.truth()["enrollments"] if row["person"] == teacher["sourced_id"]}
    other = next(one for one in town.truth()["sections"] if one["sourced_id"] in hers - {section["sourced_id"]})
    pupil = a_pupil_of(town, section, other)
    path = str(page.get_by_role("link", name=section["name"]).get_attribute("href"))
    page.goto(f"{product.url}/classes/add")
    for folded in page.locator("details:not([open]) > summary").all():
        folded.click()
    page.locator(f'input[name="section"][value="{other["clever_id"]}"]').check()
    page.get_by_role("button", name="+Add Classes").click()
    expect(page.get_by_role("heading", name="Your class is here")).to_be_visible(timeout=20_000)
    there = str(page.get_by_role("link", name=other["name"]).get_attribute("href"))
    town.move("student_moves", person=pupil["sourced_id"], section=section["sourced_id"], to=other["sourced_id"])
    page.goto(product.url + path)
    page.get_by_role("button", name="Sync now").click()
    row = page.get_by_role("row").filter(has_text=pupil["family"]).filter(has_text=pupil["given"])
    expect(row).to_be_hidden(timeout=20_000)
    for address, words in ((path, "Moved to"), (there, "Moved here from")):
        page.goto(f"{product.url}{address}/changes")
        expect(page.get_by_text(re.compile(f"^{words} .*: {re.escape(pupil['given'])} "))).to_be_visible()
    looks_right(page, product, [f"{path}/changes", f"{there}/changes"])


def a_pupil_of(town: Town, section: Thing, other: Thing) -> Thing:
    """Somebody who is in this section and not in the other."""
    there = {one["sourced_id"] for one in town.people_of(other, "student")}
    return next(one for one in town.people_of(section, "student") if one["sourced_id"] not in there)


def a_student_enters(town: Town, browser: Browser, student: Thing, section: Thing) -> None:
    """A student opens the product from the portal and finds the class."""
    context = browser.new_context()
    page = context.new_page()
    town.open_from_portal(page, student)
    expect(page.get_by_role("link", name=section["name"]).or_(page.get_by_text(section["name"])).first).to_be_visible()
    context.close()
