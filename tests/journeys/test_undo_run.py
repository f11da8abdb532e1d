"""A license admin takes back a whole sync: by keyboard, on a phone, and without scripts."""

from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, expect

from tests.journeys.test_hold import become_license_admin
from tests.journeys.test_look import tab_to
from tests.journeys.test_undo import looks_right, synced_with_a_newcomer
from tests.product import Product


def test_REL_14_a_license_admin_undoes_a_whole_sync_by_keyboard_and_its_pages_are_accessible(
    product: Product, page: Page
) -> None:
    name = at_the_list_of_syncs(product, page)
    syncs = urlsplit(page.url).path
    page.get_by_role("link", name="Sync with Clever").click()
    page.get_by_role("heading", name="Sync with Clever").wait_for()
    run = urlsplit(page.url).path
    looks_right(page, product, ["/license", syncs, run, f"{run}/undo"])
    page.goto(product.url + run)
    expect(page.get_by_text(name)).to_be_visible()
    tab_to(page, "Undo")
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"Out of the class (1): {name}")).to_be_visible()
    tab_to(page, "Undo")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Undone. 1 taken out in 1 class.")).to_be_visible(timeout=20_000)
    looks_right(page, product, [urlsplit(page.url).path, run, syncs])
    expect(page.get_by_text("It took back an earlier sync.")).to_be_visible()


def test_an_undo_of_a_whole_sync_works_without_scripts(product: Product, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    at_the_list_of_syncs(product, page)
    page.get_by_role("link", name="Sync with Clever").click()
    for _ in range(2):
        page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone. 1 taken out in 1 class.")).to_be_visible(timeout=20_000)
    context.close()


def at_the_list_of_syncs(product: Product, page: Page) -> str:
    """A sync brought somebody new, and the license admin looks at what syncs changed; the newcomer's name."""
    town, _, newcomer = synced_with_a_newcomer(product, page)
    become_license_admin(town, page, "Rostering service")
    page.get_by_role("link", name="What its syncs changed").click()
    expect(page.get_by_role("heading", name="What syncs changed")).to_be_visible()
    return f"{newcomer['given']} {newcomer['family']}"
