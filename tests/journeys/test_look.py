"""What holds on every page of a class: readable for everybody, calm, and nothing but our own."""

from collections.abc import Iterator
from typing import Literal
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.journeys.test_teacher import import_section, open_import_list
from tests.journeys.town import Thing, Town, a_town
from tests.product import Product

HOSTILE = "<img src=x onerror=alert(1)> \"' hx-get=/logout {{7*7}}"
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture
def complaints(page: Page) -> Iterator[list[str]]:
    """What the browser complains of: scripts, blocked content, missing files."""
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("dialog", lambda dialog: heard.append(dialog.message))
    yield heard


def test_SEC_22_SEC_23_SEC_41_PRIV_4_pages_run_nothing_foreign_and_keep_nothing(
    product: Product, page: Page, complaints: list[str]
) -> None:
    hosts: set[str] = set()
    town, section = signed_in_with_a_class(product, page, name=HOSTILE)
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    for path in pages_of(page, section):
        page.goto(product.url + path)
        expect(page.get_by_text("<img src=x").first).to_be_attached()
    assert hosts == {urlsplit(product.url).netloc}
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    assert page.evaluate("[htmx.version, htmx.config.includeIndicatorCSS]") == ["4.0.1", False]
    assert page.evaluate("htmx.config.noSwap") == [204, 304, "4xx", "5xx"]
    assert complaints == []


def test_every_page_is_accessible_in_light_and_dark_and_fits_a_phone(product: Product, page: Page) -> None:
    town, section = signed_in_with_a_class(product, page)
    for path in ["/login", *pages_of(page, section)]:
        page.set_viewport_size({"width": 1280, "height": 800})
        page.goto(product.url + path)
        for scheme in SCHEMES:
            # A button that is just changing its colour is not what anybody reads.
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            found = Axe().run(page, options=RULES)
            assert found.violations_count == 0, f"{path} {scheme}: {found.generate_report()}"
        page.set_viewport_size({"width": 390, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{path} is too wide for a phone"


def test_an_import_needs_no_mouse_and_focus_is_always_visible(product: Product, page: Page) -> None:
    town = a_town(product, "clever")
    section = town.section()
    accept(town, page, town.people_of(section, "teacher")[0])
    tab_to(page, "Add Classes")
    page.keyboard.press("Enter")
    tab_to(page, "Add from Rostering Service")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Add from Rostering Service")).to_be_visible()
    tab_to(page, section["name"])
    page.keyboard.press("Space")
    tab_to(page, "+Add Classes")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Your class is here")).to_be_visible(timeout=20_000)


def test_select_all_ticks_what_can_be_ticked_and_counts_it(product: Product, page: Page) -> None:
    town = a_town(product, "clever")
    truth = town.truth()
    teacher = max(
        (one for one in truth["people"] if one["role"] == "teacher"),
        key=lambda one: sum(row["person"] == one["sourced_id"] for row in truth["enrollments"]),
    )
    accept(town, page, teacher)
    open_import_list(page)
    expect(page.get_by_text("No classes ticked")).to_be_visible()
    boxes = page.locator("tbody input[type=checkbox]:visible")
    assert boxes.count() > 1
    page.get_by_label("Select all").check()
    expect(page.locator("tbody input:checked:visible")).to_have_count(boxes.count())
    expect(page.get_by_text(f"{boxes.count()} classes ticked")).to_be_visible()


def test_an_import_and_a_sync_work_without_scripts(product: Product, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    town, section = signed_in_with_a_class(product, page)
    page.get_by_role("link", name=section["name"]).click()
    page.get_by_role("button", name="Sync now").click()
    expect(page.get_by_text("Last synced just now")).to_be_visible(timeout=20_000)
    context.close()


def signed_in_with_a_class(product: Product, page: Page, name: str = "") -> tuple[Town, Thing]:
    """A teacher who has just imported a section, which may be called something else first."""
    town = a_town(product, "clever")
    if name:
        town.move("section_renamed", section=town.section()["sourced_id"], name=name)
    section = town.section()
    accept(town, page, town.people_of(section, "teacher")[0])
    import_section(page, section)
    return town, section


def accept(town: Town, page: Page, teacher: Thing) -> None:
    """The teacher follows her invitation and proves at the service who she is."""
    page.goto(town.invite(teacher))
    page.get_by_role("button", name=town.log_in).click()
    town.choose(page, teacher)
    expect(page.get_by_role("heading", name="My Classes")).to_be_visible()


def pages_of(page: Page, section: Thing) -> list[str]:
    """The addresses of every page that shows this class; the browser stands at the end of its import."""
    progress = urlsplit(page.url).path
    opened = page.get_by_role("link", name=section["name"]).get_attribute("href")
    return [progress, "/classes", "/classes/add", str(opened), f"{opened}/changes"]


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the focus is on what is called so, and see that the focus shows."""
    for _ in range(60):
        page.keyboard.press("Tab")
        focused = page.evaluate("document.activeElement.ariaLabel || document.activeElement.textContent.trim()")
        if focused == name:
            break
    assert focused == name
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
