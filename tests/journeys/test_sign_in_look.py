"""The pages of a sign-in that leads nowhere, as people see them: readable in light and dark, and on a phone."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.journeys.test_look import RULES, SCHEMES
from tests.journeys.town import a_town
from tests.product import Product

PAGES = {
    "/auth/classlink/callback?error=access_denied": "You stopped at ClassLink",
    "/auth/clever/callback?error=server_error": "Clever does not answer right now",
    "/auth/clever/callback?code=x&state=unknown": "Let's try that again",
    "/login/no-class-yet/clever": "You are in the right place, but there is no class for you yet",
}


def test_every_page_of_trouble_is_accessible_in_light_and_dark_and_fits_a_phone(product: Product, page: Page) -> None:
    for path, heading in PAGES.items():
        page.goto(product.url + path)
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
        looks_right(page)


def test_a_parent_who_logs_in_reads_what_to_do(product: Product, page: Page) -> None:
    town = a_town(product, "classlink")
    parent = next(one for one in town.truth()["people"] if one["kind"] == "guardian")
    at_classlink = f"{product.sandbox.url}/launchpad/sandbox-session"
    assert page.request.post(at_classlink, form={"person": parent["clever_id"]}).ok
    page.goto(f"{product.url}/auth/classlink/start")
    expect(page.get_by_role("heading", name="This is a parent's account")).to_be_visible()
    expect(page.get_by_role("link", name="Log in with ClassLink")).to_be_visible()
    looks_right(page)


def looks_right(page: Page) -> None:
    """No rule of accessibility is broken, and nothing is wider than a phone."""
    page.set_viewport_size({"width": 1280, "height": 800})
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found = Axe().run(page, options=RULES)
        assert found.violations_count == 0, f"{scheme}: {found.generate_report()}"
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
