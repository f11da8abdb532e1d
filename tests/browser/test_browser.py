"""The browser itself: it draws our pages, finds nothing to complain of, and speaks to nobody else."""

from playwright.sync_api import Page


def test_PRIV_4_the_login_page_loads_without_a_complaint_and_from_our_own_host_alone(page: Page, app_url: str) -> None:
    complaints: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{app_url}/login")
    assert page.get_by_role("button", name="Log in", exact=True).bounding_box()
    assert asked
    assert not [url for url in asked if not url.startswith(f"{app_url}/")]
    assert not complaints
