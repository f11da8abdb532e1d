"""A teacher takes back what a sync did to her class: by keyboard, on a phone, and without scripts."""

from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.journeys.test_look import RULES, SCHEMES, signed_in_with_a_class, tab_to
from tests.journeys.test_teacher import joined
from tests.journeys.town import Thing, Town
from tests.product import Product


def synced_with_a_newcomer(product: Product, page: Page) -> tuple[Town, str, Thing]:
    """A town, the address of a class that somebody has just joined by a sync, and who; the page shows the class."""
    town, section = signed_in_with_a_class(product, page)
    page.get_by_role("link", name=section["name"]).click()
    newcomer = joined(town, section)
    page.get_by_role("button", name="Sync now").click()
    expect(page.get_by_role("row", name=newcomer["family"])).to_be_visible(timeout=20_000)
    return town, urlsplit(page.url).path, newcomer


def test_REL_14_a_teacher_undoes_a_sync_by_keyboard_and_follows_the_service_again(product: Product, page: Page) -> None:
    _, path, newcomer = synced_with_a_newcomer(product, page)
    name = f"{newcomer['given']} {newcomer['family']}"
    page.get_by_role("link", name="Changes").click()
    page.get_by_role("link", name="Undo: Synced").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"Out of the class (1): {name}")).to_be_visible()
    tab_to(page, "Undo")
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"Taken out again: {name}")).to_be_visible(timeout=20_000)
    expect(page.get_by_text("Undoing…")).to_be_hidden()
    page.goto(product.url + path)
    expect(page.get_by_role("row", name=newcomer["family"])).to_be_hidden()
    page.get_by_role("button", name=f"Follow Clever again for {name}").click()
    expect(page.get_by_role("row", name=newcomer["family"])).to_be_visible(timeout=20_000)


def test_the_pages_of_an_undo_are_accessible_and_fit_a_phone(product: Product, page: Page) -> None:
    _, path, newcomer = synced_with_a_newcomer(product, page)
    page.goto(f"{product.url}{path}/changes")
    confirm = page.get_by_role("link", name="Undo: Synced").get_attribute("href")
    then = datetime.now(ZoneInfo("America/New_York")).strftime("%Y-%m-%dT%H:%M")
    looks_right(page, product, [f"{path}/changes", str(confirm), f"{path}/as-it-was", f"{path}/as-it-was?at={then}"])
    page.goto(f"{product.url}{confirm}")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Taken out again")).to_be_visible(timeout=20_000)
    looks_right(page, product, [path, f"{path}/changes"])


def test_an_undo_works_without_scripts(product: Product, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    town, section = signed_in_with_a_class(product, page)
    page.get_by_role("link", name=section["name"]).click()
    page.get_by_role("link", name="Changes").click()
    page.get_by_role("link", name="Undo: Imported").click()
    expect(page.get_by_text("The class goes to the archive.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("is being taken back")).to_be_visible()
    context.close()


def looks_right(page: Page, product: Product, paths: list[str]) -> None:
    """Each page passes the accessibility rules in light and dark, and is no wider than a phone."""
    for path in paths:
        page.set_viewport_size({"width": 1280, "height": 800})
        page.goto(product.url + path)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            found = Axe().run(page, options=RULES)
            assert found.violations_count == 0, f"{path} {scheme}: {found.generate_report()}"
        page.set_viewport_size({"width": 390, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{path} is too wide for a phone"
