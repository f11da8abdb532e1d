"""Somebody who talks to a sandbox over real HTTP, as an application, a browser or a caller does."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from urllib3 import BaseHTTPResponse, PoolManager
from urllib3.util import make_headers

from webapp.simulator.server import Sandbox

CALLBACKS = {
    "clever": "http://localhost:8000/auth/clever/callback",
    "classlink": "http://localhost:8000/auth/classlink/callback",
}
AUTHORIZE = {"clever": "/clever/oauth/authorize", "classlink": "/launchpad/oauth2/v2/auth"}
PREFIX = {"clever": "/clever", "classlink": "/launchpad"}


@dataclass
class Caller:
    """Requests against one sandbox; cookies are kept as a browser keeps them."""

    sandbox: Sandbox
    http: PoolManager = field(default_factory=PoolManager)
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, *, token: str = "", **options: Any) -> BaseHTTPResponse:
        """One request, redirects not followed."""
        headers = options.pop("headers", {}) | ({"Authorization": f"Bearer {token}"} if token else {})
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = self.http.request(
            method, self.sandbox.url + path, headers=headers, redirect=False, retries=False, **options
        )
        for cookie in answer.headers.getlist("Set-Cookie"):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer

    def get(self, path: str, *, token: str = "") -> Any:
        """The JSON of a good answer."""
        answer = self.ask("GET", path, token=token)
        assert answer.status == 200, (answer.status, answer.data)
        return answer.json()

    def post(self, address: str, /, **values: Any) -> Any:
        """The JSON answer to a JSON body."""
        answer = self.ask("POST", address, json=values)
        assert answer.status in (200, 201), (answer.status, answer.data)
        return answer.json()

    def form(self, path: str, **values: str) -> BaseHTTPResponse:
        """The answer to a form."""
        return self.ask("POST", path, fields=values, encode_multipart=False)

    def move(self, number: int, move: str, **wish: str) -> Any:
        """Let one thing happen."""
        return self.post(f"/sandbox/districts/{number}/moves", move=move, **wish)

    def authorize(self, service: str, **more: str) -> BaseHTTPResponse:
        """The answer of the authorize page."""
        return self.ask("GET", self.authorize_path(service, **more))

    def authorize_path(self, service: str, **more: str) -> str:
        """The authorize page's address, as an application links to it."""
        client = self.sandbox.app_settings()[f"ROLLBOOK_{service.upper()}_CLIENT_ID"]
        asked = {"client_id": client, "redirect_uri": CALLBACKS[service], "response_type": "code"}
        return f"{AUTHORIZE[service]}?{urlencode(asked | more)}"

    def session(self, service: str, person: str) -> None:
        """Sign in at the service."""
        assert self.form(f"{PREFIX[service]}/sandbox-session", person=person).status == 200

    def code(self, service: str, person: str, **more: str) -> str:
        """A fresh code of that person."""
        self.session(service, person)
        return answer_of(self.authorize(service, **more))["code"]

    def exchange_clever(self, code: str, secret: str = "clever-sandbox-secret", **more: str) -> BaseHTTPResponse:
        """Clever's answer to a code."""
        body = {"code": code, "grant_type": "authorization_code", "redirect_uri": CALLBACKS["clever"]} | more
        return self.ask("POST", "/clever/oauth/tokens", json=body, headers=basic("clever-sandbox-client", secret))

    def exchange_classlink(self, code: str, **more: str) -> BaseHTTPResponse:
        """ClassLink's answer to a code, with the three values that its page asks for."""
        known = {"client_id": "c-sandbox-client", "client_secret": "classlink-sandbox-secret", "code": code}
        return self.form("/launchpad/oauth2/v2/token", **(known | more))


@dataclass
class Shared:
    """A district of one sandbox, and how an application reads it."""

    caller: Caller
    number: int

    @property
    def clever_token(self) -> str:
        """The district-app token, from Clever's own list."""
        owner = self.caller.get("/sandbox/districts")["districts"][self.number - 1]["clever_district"]
        found = self.caller.ask(
            "GET",
            f"/clever/oauth/tokens?owner_type=district&district={owner}",
            headers=basic("clever-sandbox-client", "clever-sandbox-secret"),
        ).json()
        return next(str(row["access_token"]) for row in found["data"] if row["owner"]["id"] == owner)

    @property
    def application(self) -> dict[str, Any]:
        """The district's row of ClassLink's applications."""
        rows = self.caller.get("/roster/applications?limit=10000", token="sandbox-roster-key")["applications"]
        row: dict[str, Any] = next(one for one in rows if one["id"] == 40_000 + self.number)
        return row

    def clever(self, path: str) -> Any:
        """Clever's answer below its newest version."""
        return self.caller.get(f"/clever-api/v3.1/{path}", token=self.clever_token)

    def clever_all(self, path: str) -> list[dict[str, Any]]:
        """A whole Clever collection in one page."""
        mark = "&" if "?" in path else "?"
        return [row["data"] for row in self.clever(f"{path}{mark}limit=10000")["data"]]

    def roster(self, path: str) -> Any:
        """The roster server's answer."""
        answer = self.roster_answer(path)
        assert answer.status == 200, answer.data
        return answer.json()

    def roster_answer(self, path: str) -> BaseHTTPResponse:
        """The roster server's answer with its headers."""
        row = self.application
        address = f"/roster/{row['oneroster_application_id']}/ims/oneroster/v1p1/{path}"
        return self.caller.ask("GET", address, token=row["bearer"])

    def roster_all(self, collection: str) -> list[dict[str, Any]]:
        """A whole OneRoster collection in one page."""
        rows: list[dict[str, Any]] = next(iter(self.roster(f"{collection}?limit=10000").values()))
        return rows

    def truth(self) -> dict[str, list[dict[str, Any]]]:
        """What is true."""
        told: dict[str, list[dict[str, Any]]] = self.caller.get(f"/sandbox/districts/{self.number}/truth")
        return told


def basic(name: str, secret: str) -> dict[str, str]:
    """The header of Basic authentication."""
    return dict(make_headers(basic_auth=f"{name}:{secret}"))


def answer_of(response: BaseHTTPResponse) -> dict[str, str]:
    """What a redirect brings to the application."""
    assert response.status == 302, (response.status, response.data)
    return {key: values[0] for key, values in parse_qs(urlsplit(response.headers["Location"]).query).items()}
