"""A browser: it keeps the app's cookies and the services' cookies, and follows redirects between them."""

import html
import re
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

import requests
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

OURS = "http://localhost:8000"
SERVICE_PATHS = {"clever": "/clever", "classlink": "/launchpad"}


@dataclass
class Browser:
    """Somebody's browser."""

    app: Flask
    sandbox_url: str
    client: FlaskClient = field(init=False)
    services: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self.client = self.app.test_client()
        self.services.trust_env = False

    def get(self, path: str, **headers: str) -> TestResponse:
        """Open one of our pages."""
        return self.client.get(path, base_url=OURS, headers=headers)

    def post(self, path: str, data: dict[str, str] | None = None, /, **headers: str) -> TestResponse:
        """Send a form of ours, with the token that every form carries."""
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.get("/login").text)
        assert token
        sent = {"csrf_token": token.group(1), **(data or {})}
        return self.client.post(path, base_url=OURS, data=sent, headers={"Sec-Fetch-Site": "same-origin", **headers})

    def session(self) -> dict[str, object]:
        """A copy of what our cookie holds."""
        with self.client.session_transaction(base_url=OURS) as session:
            return dict(session)

    def steal(self, session: dict[str, object]) -> None:
        """Carry a copy of another browser's cookie."""
        with self.client.session_transaction(base_url=OURS) as own:
            own.clear()
            own.update(session)

    def be(self, service: str, person_id: str) -> None:
        """Be signed in at the service as this person."""
        url = f"{self.sandbox_url}{SERVICE_PATHS[service]}/sandbox-session"
        answer = self.services.post(url, data={"person": person_id}, allow_redirects=False)
        assert answer.status_code < 400, answer.text

    def press(self, service: str, next_path: str = "") -> TestResponse:
        """Press the service's button on the login page and go wherever that leads."""
        suffix = f"?next={next_path}" if next_path else ""
        return self.follow(self.get(f"/auth/{service}/start{suffix}"))

    def follow(self, answer: TestResponse) -> TestResponse:
        """Follow redirects (and the page that goes on by itself) until a page of ours stands still."""
        for _ in range(12):
            onward = self.onward(answer)
            if onward is None:
                return answer
            answer = self.get(self.through_service(onward))
        raise AssertionError("goes in circles")

    def onward(self, answer: TestResponse) -> str | None:
        """Where this answer sends the browser, if anywhere."""
        if 300 <= answer.status_code < 400:
            return urljoin(OURS, answer.headers["Location"])
        refresh = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', answer.text)
        return html.unescape(refresh.group(1)) if refresh else None

    def through_service(self, url: str) -> str:
        """Our own path that this address leads to, by way of the service if need be."""
        for _ in range(8):
            if url.startswith(OURS + "/"):
                parts = urlsplit(url)
                return parts.path + (f"?{parts.query}" if parts.query else "")
            answer = self.services.get(url, allow_redirects=False)
            assert answer.is_redirect, f"the service stops here: {answer.status_code} {answer.text[:300]}"
            url = urljoin(url, answer.headers["Location"])
        raise AssertionError("the service goes in circles")

    def callback(self, answer: TestResponse) -> str:
        """Our own callback address, with code and state, to which this redirect leads; not opened yet."""
        onward = self.onward(answer)
        assert onward
        return self.through_service(onward)
