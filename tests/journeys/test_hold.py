"""A sync that would empty a class waits: what the teacher reads, how the license admin decides, and how it looks."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.journeys.test_look import RULES, SCHEMES, accept, tab_to
from tests.journeys.test_teacher import import_section
from tests.journeys.town import Town, a_town
from tests.product import Product

PASSWORD = "correct horse battery"


def test_REL_8_a_hold_is_read_and_approved_by_keyboard_and_each_of_its_pages_is_accessible(
    product: Product, page: Page
) -> None:
    town = emptied_class(product, page)
    expect(page.get_by_text("a change waits for a decision")).to_be_visible(timeout=20_000)
    looks_right(page)
    page.get_by_role("link", name="Why? About this roster").click()
    expect(page.get_by_role("heading", name="Why is this roster as it is?")).to_be_visible()
    looks_right(page)
    page.go_back()
    page.get_by_role("row").nth(1).get_by_role("link", name="Why?").click()
    expect(page.get_by_role("heading", name="How it came about")).to_be_visible()
    looks_right(page)

    become_license_admin(town, page, "A roster change waits")
    looks_right(page)
    page.get_by_role("link", name="Clever: ").click()
    expect(page.get_by_text("students would leave").first).to_be_visible()
    looks_right(page)
    for heading in ("Are these changes right?", "A roster change that waited"):
        tab_to(page, "Approve")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
        looks_right(page)
    expect(page.get_by_text("It can be undone for 30 days.")).to_be_visible(timeout=20_000)


def looks_right(page: Page) -> None:
    """This page is accessible in light and dark, and fits a phone."""
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found = Axe().run(page, options=RULES)
        assert found.violations_count == 0, f"{page.url} {scheme}: {found.generate_report()}"
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{page.url} is too wide for a phone"
    page.set_viewport_size({"width": 1280, "height": 800})


def emptied_class(product: Product, page: Page) -> Town:
    """The teacher stands before her class, of which nearly everybody has left at the service, and presses Sync now."""
    town = a_town(product, "clever")
    section = max(town.truth()["sections"], key=lambda one: len(town.people_of(one, "student")))
    accept(town, page, town.people_of(section, "teacher")[0])
    import_section(page, section)
    page.get_by_role("link", name=section["name"]).click()
    for student in town.people_of(section, "student")[1:]:
        town.move("student_leaves", section=section["sourced_id"], person=student["sourced_id"])
    page.get_by_role("button", name="Sync now").click()
    return town


def become_license_admin(town: Town, page: Page, heading: str) -> None:
    """Another person logs in on this computer: the license admin, whose page has this heading."""
    told = town.product.rollbook(
        "invite", "--license", town.license_id, "--email", "boss@school.example", "--role", "license_admin"
    )
    page.context.clear_cookies()
    page.goto(told["invitation_url"])
    page.get_by_label("First name").fill("Ada")
    page.get_by_label("Last name").fill("Admin")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("heading", name=heading)).to_be_visible()
