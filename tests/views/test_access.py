"""Who may do what, over every route there is; where requests must come from; and what every answer carries."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.views.browser import OURS, Browser
from tests.views.school import PASSWORD, School, known_teacher, meanwhile, now, rows
from tests.views.statements import statements
from webapp.actions.operators import add_operator, set_up_operator
from webapp.actions.sign_ins import Somebody, begin_sign_in
from webapp.settings import Settings
from webapp.views import create_app
from webapp.views.access import ACCESS, NoPolicy

EVERYBODY = {"stranger", "student", "teacher", "license_admin", "operator"}
SIGNED_IN = EVERYBODY - {"stranger"}
OF_A_DISTRICT = SIGNED_IN - {"operator"}

MAY: dict[str, set[str]] = {
    "class_page.changes": {"teacher"},
    "class_page.rename": {"teacher"},
    "class_page.show": OF_A_DISTRICT,
    "class_page.sync": {"teacher"},
    "front.index": EVERYBODY,
    "health.alive": EVERYBODY,
    "health.metrics": EVERYBODY,
    "health.ready": EVERYBODY,
    "import_classes.offer": {"teacher"},
    "import_classes.progress": {"teacher"},
    "import_classes.start": {"teacher"},
    "invitations.accept_by_service": EVERYBODY,
    "invitations.create_account": EVERYBODY,
    "invitations.join": SIGNED_IN,
    "invitations.show": EVERYBODY,
    "license_admin.invite_teachers": {"license_admin"},
    "license_admin.resend": {"license_admin"},
    "license_admin.revoke": {"license_admin"},
    "license_admin.show": {"license_admin"},
    "license_admin.show_license": {"license_admin"},
    "log_in.log_in": EVERYBODY,
    "log_in.log_out": EVERYBODY,
    "log_in.logged_out": EVERYBODY,
    "my_classes.show": OF_A_DISTRICT,
    "operator.show": {"operator"},
    "outbox.show": EVERYBODY,
    "passwords.choose": EVERYBODY,
    "passwords.forgot": EVERYBODY,
    "sign_in.callback": EVERYBODY,
    "sign_in.link": {"teacher"},
    "sign_in.start": EVERYBODY,
    "static": EVERYBODY,
}
"""What the table of views/access.py must come to, written down once more by hand."""

MAY_WRITE_ON_GET = {"sign_in.start", "sign_in.callback"}
HEADERS = {
    "Content-Security-Policy": "default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=()",
    "Referrer-Policy": "",
}


@dataclass
class People:
    """A browser for each role."""

    browsers: dict[str, Browser]
    sessions: dict[str, dict[str, object]]

    def ask(self, role: str, rule: Rule, method: str, **headers: str) -> TestResponse:
        """Call the rule as this role, with a form's token and from our own page."""
        browser = self.browsers[role]
        browser.steal(self.sessions[role])
        if method == "POST":
            return browser.post(path_of(rule), **headers)
        return browser.client.open(path_of(rule), method=method, base_url=OURS, headers=headers, buffered=True)


def path_of(rule: Rule) -> str:
    """The rule's path, about things that do not exist."""
    path = rule.rule.replace("<provider>", "clever").replace("<path:filename>", "mark.svg").replace("<token>", "x")
    return re.sub(r"<uuid:\w+>", str(uuid4()), path)


def calls(app: Flask) -> list[tuple[Rule, str]]:
    """Every rule with each of its methods; logging out comes last, since it ends what the others need."""
    rules = sorted(app.url_map.iter_rules(), key=lambda rule: (rule.endpoint == "log_in.log_out", rule.rule))
    return [(rule, method) for rule in rules for method in sorted((rule.methods or set()) - {"OPTIONS"})]


@pytest.fixture
def people(school: School) -> People:
    """Somebody of each role, signed in."""
    known_teacher(school, "clever")
    browsers = {"stranger": school.browser(), "operator": school.browser()}
    operator = set_up_operator(add_operator("op@rollbook.example", now=now()), PASSWORD, now=now())
    cookies = {"stranger": "", "operator": begin_sign_in(operator, "password", now=now())}
    account = rows("select id from account")[0][0]
    for role in ("student", "teacher", "license_admin"):
        browsers[role] = school.browser()
        copy = rows("select uuidv7()")[0][0]
        meanwhile(
            "insert into account (id, district_id, given_name, family_name, made_at) "
            f"select '{copy}', district_id, given_name, family_name, made_at from account where id = '{account}'"
        )
        meanwhile(
            "insert into account_role (district_id, account_id, role) "
            f"values ('{school.district_id}', '{copy}', '{role}')"
        )
        cookies[role] = begin_sign_in(Somebody(copy, school.district_id), "password", now=now())
    sessions = {role: {"_user_id": cookie} if cookie else {} for role, cookie in cookies.items()}
    return People(browsers, sessions)


def test_SEC_16_every_route_is_in_the_table_and_in_this_test(app: Flask) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(MAY)
    assert set(ACCESS) == set(MAY)


def test_SEC_16_a_route_without_a_line_fails_the_start(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(ACCESS, "operator.show")
    with pytest.raises(NoPolicy):
        create_app(settings)


@pytest.mark.parametrize("role", sorted(EVERYBODY))
@pytest.mark.parametrize("fragment", [False, True], ids=["page", "fragment"])
def test_SEC_16_SEC_42_SEC_43_each_role_reaches_its_own_routes_and_no_others(
    app: Flask, people: People, role: str, fragment: bool
) -> None:
    headers = {"HX-Request": "true"} if fragment else {}
    for rule, method in calls(app):
        answer = people.ask(role, rule, method, **headers)
        about = f"{role} {method} {rule.rule}: {answer.status}"
        if role in MAY[rule.endpoint]:
            assert not sent_to_login(answer) or rule.endpoint in ("front.index", "log_in.log_out"), about
            assert answer.status_code not in (401, 403, 405, 500), about
        elif role != "stranger":
            assert answer.status_code == 403, about
        elif fragment:
            assert answer.status_code == 401 and answer.headers["HX-Redirect"] == "/login", about
            assert not answer.data, about
        else:
            assert sent_to_login(answer), about
        carries_the_headers(answer, about)


def sent_to_login(answer: TestResponse) -> bool:
    """True where the answer is the way to the login page."""
    return answer.status_code in (302, 303) and answer.headers["Location"].startswith("/login")


def carries_the_headers(answer: TestResponse, about: str) -> None:
    """SEC-13, SEC-23, SEC-24: what stands on every answer there is."""
    for name, begins in HEADERS.items():
        assert answer.headers[name].startswith(begins), f"{about} {name}"
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy and "form-action 'self';" in policy and "frame-ancestors 'none'" in policy
    for cookie in answer.headers.getlist("Set-Cookie"):
        assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/" in cookie, about
        assert "Expires" not in cookie or cookie.split("=")[1].startswith(";"), about
    if "static" not in about:
        assert answer.headers["Cache-Control"] == "no-store", about
        assert "HX-Request" in answer.headers["Vary"], about


def test_SEC_14_no_form_is_taken_without_its_token_or_from_another_site(app: Flask, people: People) -> None:
    posts = [rule for rule, method in calls(app) if method == "POST"]
    assert len(posts) > 8
    for rule in posts:
        role = next(iter(sorted(MAY[rule.endpoint] & {"teacher", "license_admin"})))
        about = f"{role} POST {rule.rule}"
        for origin, refused in (
            ({"Sec-Fetch-Site": "cross-site"}, 403),
            ({"Sec-Fetch-Site": "same-site"}, 403),
            ({"Sec-Fetch-Site": "none"}, 403),
            ({"Sec-Fetch-Site": ""}, 403),
            ({"Sec-Fetch-Site": "", "Origin": "https://evil.example"}, 403),
            ({"Sec-Fetch-Site": "", "Origin": "null"}, 403),
        ):
            assert people.ask(role, rule, "POST", **origin).status_code == refused, f"{about} {origin}"
        browser = people.browsers[role]
        bare = browser.client.post(path_of(rule), base_url=OURS, headers={"Sec-Fetch-Site": "same-origin"})
        assert bare.status_code == 400, about
        assert "open for a while" in bare.text


def test_SEC_14_an_older_browser_that_only_names_its_origin_is_let_through(people: People, app: Flask) -> None:
    rule = next(rule for rule in app.url_map.iter_rules("log_in.log_in"))
    assert people.ask("stranger", rule, "POST", **{"Sec-Fetch-Site": "", "Origin": OURS}).status_code == 422


@pytest.mark.parametrize("role", sorted(EVERYBODY))
def test_SEC_14_looking_changes_nothing(app: Flask, people: People, role: str) -> None:
    for rule, method in calls(app):
        if method == "POST" or rule.endpoint in MAY_WRITE_ON_GET:
            continue
        with statements() as sent:
            people.ask(role, rule, method)
        written = [one for one in sent if not one.lstrip().lower().startswith(("select", "with"))]
        assert not written, f"{role} {method} {rule.rule}: {written}"


def broken(app: Flask) -> None:
    """Make one page fail as nobody foresaw."""

    def fail() -> str:
        raise RuntimeError("select secret from somewhere")

    app.view_functions["health.alive"] = fail


def asks_for_500(browser: Browser) -> TestResponse:
    broken(browser.app)
    return browser.get("/healthz")


def asks_for_429(browser: Browser) -> TestResponse:
    for _ in range(3):
        browser.get("/auth/clever/callback?code=x")
    return browser.get("/auth/clever/callback?code=x")


FAILING: dict[int, Callable[[Browser], TestResponse]] = {
    400: lambda browser: browser.client.get("/login", base_url="http://evil.example"),
    401: lambda browser: browser.get("/classes", **{"HX-Request": "true"}),
    403: lambda browser: browser.post("/login", **{"Sec-Fetch-Site": "cross-site"}),
    404: lambda browser: browser.get("/nowhere"),
    405: lambda browser: browser.client.delete(
        "/login", base_url=OURS, headers={"Sec-Fetch-Site": "same-origin"}
    ),
    413: lambda browser: browser.post("/login", {"email": "x" * (1024 * 1024 + 1)}),
    429: asks_for_429,
    500: asks_for_500,
}


@pytest.mark.parametrize("status", FAILING)
def test_SEC_24_SEC_31_every_error_is_a_plain_page_with_all_headers(school: School, status: int) -> None:
    answer = FAILING[status](school.browser())
    assert answer.status_code == status
    carries_the_headers(answer, str(status))
    for word in ("Traceback", "RuntimeError", "secret", "psycopg", "select "):
        assert word not in answer.text
    if status not in (401, 429):
        assert re.search(r"[0-9a-f]{8}", answer.text)


def test_SEC_31_pages_stay_plain_when_the_database_is_gone(school: School) -> None:
    browser = school.member()
    from webapp.store import database

    url = database.engine().url
    database.connect("postgresql+psycopg://nobody@/nothing?host=/nowhere")
    try:
        answer = browser.get("/classes")
        assert answer.status_code == 500
        assert "on our side" in answer.text
        assert browser.get("/readyz").status_code == 503
        assert browser.get("/healthz").status_code == 200
    finally:
        database.connect(url.render_as_string(hide_password=False))


def test_SEC_26_a_foreign_host_is_refused_with_the_right_address(school: School) -> None:
    page = school.browser().client.get("/login", base_url="http://evil.example")
    assert page.status_code == 400
    assert f'href="{OURS}"' in page.text
    assert "evil.example" not in page.text


def test_SEC_26_forwarded_headers_of_anybody_are_not_believed(school: School) -> None:
    answer = school.browser().get("/login", **{"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"})
    assert answer.status_code == 200
    assert "evil.example" not in answer.text


def test_SEC_13_SEC_24_SEC_25_over_https_cookies_are_locked_to_the_host(settings: Settings) -> None:
    secure = settings.model_copy(update={"public_url": "https://rollbook.example"})
    client = create_app(secure).test_client()
    answer = client.get("/login", base_url="https://rollbook.example")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-rollbook-") and "; Secure" in cookie and "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000; includeSubDomains")
    token = re.search(r'name="csrf_token" value="([^"]+)"', answer.text)
    assert token
    out = client.post(
        "/logout",
        base_url="https://rollbook.example",
        data={"csrf_token": token.group(1)},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert out.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'


def test_SEC_13_two_houses_on_one_host_have_two_cookies(settings: Settings) -> None:
    other = settings.model_copy(update={"secret_key": "another secret of another house"})
    names = {create_app(one).config["SESSION_COOKIE_NAME"] for one in (settings, other)}
    assert len(names) == 2


def test_health_is_told_to_machines(school: School) -> None:
    browser = school.browser()
    assert browser.get("/healthz").text == "ok\n"
    assert browser.get("/readyz").status_code == 200
    numbers = browser.get("/metrics").text
    assert 'rollbook_sync_runs_open{state="requested"} 0.0' in numbers
    assert "rollbook_letters_unsent 1.0" in numbers
