"""Who may do what, over every route there is; where requests must come from; and what looking may do."""

import re
from dataclasses import dataclass
from uuid import uuid4

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.views.browser import OURS, Browser
from tests.views.headers import carries_the_headers
from tests.views.school import PASSWORD, School, known_teacher, now
from tests.views.statements import statements
from webapp.actions.operators import add_operator, set_up_operator
from webapp.actions.sign_ins import Somebody, begin_sign_in
from webapp.settings import Settings
from webapp.store.database import tenant
from webapp.store.tables import Account, AccountRole
from webapp.views import create_app
from webapp.views.access import ACCESS, NoPolicy

EVERYBODY = {"stranger", "student", "teacher", "license_admin", "district_admin", "operator"}
SIGNED_IN = EVERYBODY - {"stranger"}
OF_A_DISTRICT = SIGNED_IN - {"operator"}
DECIDERS = {"license_admin", "district_admin", "operator"}

MAY: dict[str, set[str]] = {
    "class_history.as_it_was": {"teacher"},
    "class_history.confirm_undo": {"teacher"},
    "class_history.follow": {"teacher"},
    "class_history.put_back": {"teacher"},
    "class_history.undo": {"teacher"},
    "class_page.changes": {"teacher"},
    "class_page.rename": {"teacher"},
    "class_page.show": OF_A_DISTRICT,
    "class_page.sync": {"teacher"},
    "district_admin.set_aside_file": {"district_admin"},
    "district_admin.show": {"district_admin"},
    "front.index": EVERYBODY,
    "health.alive": EVERYBODY,
    "health.metrics": EVERYBODY,
    "health.ready": EVERYBODY,
    "holds.approve": DECIDERS,
    "holds.discard": DECIDERS,
    "holds.download": DECIDERS,
    "holds.names": DECIDERS,
    "holds.show": DECIDERS,
    "import_classes.offer": {"teacher"},
    "import_classes.progress": {"teacher"},
    "import_classes.start": {"teacher"},
    "invitations.accept_by_service": EVERYBODY,
    "invitations.create_account": EVERYBODY,
    "invitations.join": SIGNED_IN,
    "invitations.show": EVERYBODY,
    "license_admin.invitations": {"license_admin"},
    "license_admin.invite_teachers": {"license_admin"},
    "license_admin.resend": {"license_admin"},
    "license_admin.revoke": {"license_admin"},
    "license_admin.set_aside_file": {"license_admin"},
    "license_admin.show": {"license_admin"},
    "license_admin.show_license": {"license_admin"},
    "log_in.log_in": EVERYBODY,
    "log_in.log_out": EVERYBODY,
    "log_in.logged_out": EVERYBODY,
    "my_classes.show": OF_A_DISTRICT,
    "operator.claim": {"operator"},
    "operator.show": {"operator"},
    "outbox.show": EVERYBODY,
    "passwords.choose": EVERYBODY,
    "passwords.forgot": EVERYBODY,
    "proposals.different": DECIDERS - {"operator"},
    "proposals.index": DECIDERS - {"operator"},
    "proposals.same": DECIDERS - {"operator"},
    "proposals.show": DECIDERS - {"operator"},
    "proposals.undo": DECIDERS - {"operator"},
    "runs.download": DECIDERS,
    "runs.names": DECIDERS,
    "runs.recent": DECIDERS,
    "runs.show": DECIDERS,
    "runs.undo": DECIDERS,
    "sign_in.callback": EVERYBODY,
    "sign_in.link": {"teacher"},
    "sign_in.no_class_yet": EVERYBODY,
    "sign_in.start": EVERYBODY,
    "static": EVERYBODY,
    "why.no_classes": {"teacher"},
    "why.this_class": {"teacher", "license_admin"},
    "why.this_person": {"teacher", "license_admin"},
}
"""What the table of views/access.py must come to, written down once more by hand."""

MAY_WRITE_ON_GET = {"sign_in.start", "sign_in.callback"}


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
    operator = set_up_operator(add_operator("op@rollbook.example", now=now()), PASSWORD, now=now())
    cookies = {"operator": begin_sign_in(operator, "password", now=now())}
    for role in ("student", "teacher", "license_admin", "district_admin"):
        cookies[role] = begin_sign_in(somebody(school, role), "password", now=now())
    sessions: dict[str, dict[str, object]] = {role: {"_user_id": cookie} for role, cookie in cookies.items()}
    return People({role: school.browser() for role in EVERYBODY}, {"stranger": {}, **sessions})


def somebody(school: School, role: str) -> Somebody:
    """An account with this role and nothing else."""
    account_id = uuid4()
    with tenant(school.district_id) as session:
        own = {"district_id": school.district_id}
        session.add(Account(id=account_id, given_name="Some", family_name="Body", made_at=now(), **own))
        session.flush()
        session.add(AccountRole(account_id=account_id, role=role, **own))
    return Somebody(account_id, school.district_id)


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


def test_SEC_14_no_form_is_taken_without_its_token_or_from_another_site(app: Flask, people: People) -> None:
    posts = [rule for rule, method in calls(app) if method == "POST"]
    assert len(posts) > 8
    for rule in posts:
        role = next(iter(sorted(MAY[rule.endpoint] & {"teacher", "license_admin", "operator"})))
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


def test_SEC_14_what_comes_from_another_site_is_told_so_and_not_that_somebody_is_logged_in(school: School) -> None:
    page = school.browser().post("/login", **{"Sec-Fetch-Site": "", "Origin": "https://evil.example"})
    assert page.status_code == 403
    assert "sent from one of our own pages" in page.text
    assert "logged in" not in page.text


def test_a_method_that_no_page_knows_is_told_so_wherever_it_comes_from(school: School) -> None:
    for headers in ({}, {"Origin": "https://evil.example"}):
        answer = school.browser().client.put("/login", base_url=OURS, headers=headers)
        assert answer.status_code == 405
        assert "be used in that way" in answer.text


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
