"""What people do at the services' own pages: open the portal, press the tile, refuse."""

from urllib.parse import parse_qs, urljoin, urlsplit

from werkzeug.test import TestResponse

from tests.views.browser import Browser

LAUNCHERS = {"clever": "/clever/portal", "classlink": "/launchpad/home"}


def launched(browser: Browser, service: str, person: str) -> str:
    """Open the product from the service's portal or by its tile as this person; our address, with a code, no state."""
    url = browser.sandbox_url + LAUNCHERS[service]
    answer = browser.services.post(url, data={"person": person}, allow_redirects=False)
    assert answer.is_redirect, answer.text
    address = browser.through_service(urljoin(url, answer.headers["Location"]))
    assert "code=" in address and "state=" not in address
    return address


def refused(browser: Browser, answer: TestResponse) -> str:
    """At the service to which this answer leads, press that we may not; the address that it brings people back to."""
    onward = browser.onward(answer)
    assert onward
    back = browser.services.post(onward, data={"refuse": "1"}, allow_redirects=False)
    assert back.is_redirect, back.text
    address = browser.through_service(back.headers["Location"])
    assert parse_qs(urlsplit(address).query)["error"] == ["access_denied"]
    return address
