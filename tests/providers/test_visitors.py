"""Whom a service names, however little it says of them."""

from collections.abc import Callable

import pytest

from tests.providers.conftest import TINY
from tests.providers.scripted import Reply, Scripted, body, doc, status
from webapp.providers.errors import IncompleteAnswer, Unreachable
from webapp.providers.service import Tokens
from webapp.providers.table import services
from webapp.settings import Settings


@pytest.fixture
def told(script: Scripted) -> Callable[..., Settings]:
    url = script.url
    return lambda: Settings(
        _env_file=None,
        clever_client_id="client",
        clever_client_secret="secret",
        clever_api_url=url,
        clever_oauth_url=url,
        classlink_client_id="client",
        classlink_client_secret="secret",
        classlink_nodeapi_url=url,
        classlink_roster_url=url,
    )


@pytest.mark.parametrize("record", [status(404), status(401), status(503), body(b"<p>", kind="text/html")])
def test_at_clever_nobody_stays_outside_for_a_name(
    script: Scripted, told: Callable[..., Settings], record: Reply
) -> None:
    script.on("/v3.1/me", doc({"type": "user", "data": {"id": "u1", "district": "d1", "type": "teacher"}}))
    script.on("/v3.1/users/u1", record)
    visitor = services(told(), TINY)["clever"].identify(Tokens("token"), nonce="n")
    assert (visitor.subjects, visitor.authority, visitor.given_name) == ({"user_id": "u1"}, "d1", "")


def test_a_clever_library_teacher_has_no_district(script: Scripted, told: Callable[..., Settings]) -> None:
    script.on("/v3.1/me", doc({"data": {"id": "u1", "authorized_by": "teacher"}}))
    assert services(told(), TINY)["clever"].identify(Tokens("token"), nonce="n").authority == ""


@pytest.mark.parametrize("blank", ["", " ", None])
def test_at_classlink_a_blank_sourced_id_is_nobodys(
    script: Scripted, told: Callable[..., Settings], blank: str | None
) -> None:
    script.on(
        "/v2/my/info", doc({"UserId": 42, "TenantId": 7, "SourcedId": blank, "OrgId": ["a"], "Role": ["Teacher"]})
    )
    visitor = services(told(), TINY)["classlink"].identify(Tokens("token"), nonce="n")
    assert (visitor.authority, visitor.subjects) == ("7", {"user_id": "42"})


def test_at_classlink_a_sourced_id_is_kept_byte_for_byte(script: Scripted, told: Callable[..., Settings]) -> None:
    script.on("/v2/my/info", doc({"UserId": "42", "TenantId": "7", "SourcedId": "{A}|b c ", "FirstName": "Ida"}))
    visitor = services(told(), TINY)["classlink"].identify(Tokens("token"), nonce="n")
    assert (visitor.subjects, visitor.given_name) == ({"sourced_id": "{A}|b c ", "user_id": "42"}, "Ida")


@pytest.mark.parametrize(
    ("role", "guardian"),
    [
        ("Parent", True),
        (["Parent"], True),
        ("Teacher, Parent", True),
        ("guardian", True),
        ("Teacher", False),
        (["Student", "Everyone"], False),
        ("", False),
        (None, False),
        (3, False),
    ],
)
def test_classlinks_role_word_tells_a_parent_in_any_shape_and_gives_nobody_a_role(
    script: Scripted, told: Callable[..., Settings], role: object, guardian: bool
) -> None:
    script.on("/v2/my/info", doc({"UserId": 42, "TenantId": 7, "SourcedId": "s", "Role": role}))
    assert services(told(), TINY)["classlink"].identify(Tokens("token"), nonce="n").guardian is guardian


@pytest.mark.parametrize(
    ("roles", "guardian"),
    [({"contact": {}}, True), ({"teacher": {}}, False), ({"student": {}}, False), ("", False), (None, False)],
)
def test_at_clever_somebody_who_is_only_a_contact_is_a_parent(
    script: Scripted, told: Callable[..., Settings], roles: object, guardian: bool
) -> None:
    script.on("/v3.1/me", doc({"data": {"id": "u1", "district": "d1"}}))
    script.on("/v3.1/users/u1", doc({"data": {"id": "u1", "roles": roles}}))
    assert services(told(), TINY)["clever"].identify(Tokens("token"), nonce="n").guardian is guardian


def test_an_answer_that_names_nobody_signs_nobody_in(script: Scripted, told: Callable[..., Settings]) -> None:
    script.on("/v3.1/me", doc({"data": {}}))
    script.on("/v2/my/info", doc({"message": "fine"}))
    for service in services(told(), TINY).values():
        with pytest.raises(IncompleteAnswer):
            service.identify(Tokens("token"), nonce="n")


def test_somebody_who_waits_is_not_kept_waiting_by_five_tries(script: Scripted, told: Callable[..., Settings]) -> None:
    script.on("/v3.1/me", status(503))
    with pytest.raises(Unreachable):
        services(told(), TINY)["clever"].identify(Tokens("token"), nonce="n")
    assert len(script.asked) == 2
