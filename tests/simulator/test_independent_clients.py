"""Programs that others wrote, for the published standards and not for us, read the simulated services."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import oneroster_client  # type: ignore[import-untyped]
import pytest
from authlib.integrations.base_client import BaseApp, OAuth2Mixin, OpenIDMixin
from authlib.integrations.requests_client import OAuth1Session, OAuth2Session

from tests.simulator.switching import switch
from tests.simulator.visitor import CALLBACKS, Caller, Shared, answer_of

PAGE = 7
SERVICES = {
    "clever": ("/clever/.well-known/openid-configuration", "client_secret_basic", "clever_id"),
    "classlink": ("/launchpad/.well-known/openid-configuration", "client_secret_post", "classlink_id"),
}


class Reader:
    """The OneRoster 1.1 client of another vendor, with paging as its caller has to do it."""

    def __init__(self, district: Shared) -> None:
        row = district.application
        configuration = oneroster_client.Configuration()
        configuration.host = (
            f"{district.caller.sandbox.url}/roster/{row['oneroster_application_id']}/ims/oneroster/v1p1"
        )
        configuration.access_token = row["bearer"]
        self.api = oneroster_client.ApiClient(configuration)

    def everything(self, read: Callable[..., Any], key: str, *parents: str) -> list[Any]:
        """All records behind one of the client's calls."""
        found: list[Any] = []
        while True:
            page = getattr(read(*parents, limit=PAGE, offset=len(found), sort="sourcedId"), key)
            found += page
            if len(found) == int(self.api.last_response.headers["x-total-count"]):
                return found
            assert page

    def classes(self) -> list[Any]:
        """All classes."""
        return self.everything(oneroster_client.ClassesManagementApi(self.api).get_classes, "classes")

    def users(self) -> list[Any]:
        """All users."""
        return self.everything(oneroster_client.UsersManagementApi(self.api).get_users, "users")


@pytest.fixture
def reader(tiny: Shared) -> Reader:
    """The client at the small district."""
    return Reader(tiny)


def told(district: Shared, kind: str) -> dict[str, dict[str, Any]]:
    """The truth by sourced id."""
    return {one["sourced_id"]: one for one in district.truth()[kind]}


def test_another_vendors_client_reads_the_orgs(tiny: Shared, reader: Reader) -> None:
    orgs = reader.everything(oneroster_client.OrgsManagementApi(reader.api).get_orgs, "orgs")
    truth = {key: (one["name"], one["nces_id"]) for key, one in told(tiny, "schools").items()}
    schools = {one.sourced_id: (one.name, one.identifier) for one in orgs if one.type == "school"}
    assert schools == truth
    [top] = [one for one in orgs if one.type == "district"]
    assert {one.sourced_id for one in top.children} == truth.keys()


def test_another_vendors_client_reads_the_terms(tiny: Shared, reader: Reader) -> None:
    read = oneroster_client.AcademicSessionsManagementApi(reader.api).get_academic_sessions
    sessions = reader.everything(read, "academic_sessions")
    truth = {key: (one["name"], one["kind"], one["starts"], one["ends"]) for key, one in told(tiny, "terms").items()}
    assert {
        one.sourced_id: (one.title, one.type, one.start_date.isoformat(), one.end_date.isoformat()) for one in sessions
    } == truth


def test_another_vendors_client_reads_the_classes(tiny: Shared, reader: Reader) -> None:
    switch(tiny, oneroster_lists_as_text="periods")  # the file's own type, which this client was made from
    truth = {
        key: (one["name"], one["code"], one["period"], one["grades"], one["school"], one["course"], one["terms"])
        for key, one in told(tiny, "sections").items()
    }
    found = {
        one.sourced_id: (
            *(one.title, one.class_code, one.periods, one.grades),
            *(one.school.sourced_id, one.course.sourced_id, [term.sourced_id for term in one.terms]),
        )
        for one in reader.classes()
    }
    assert found == truth


def test_another_vendors_client_reads_the_users(tiny: Shared, reader: Reader) -> None:
    roles = {"site_admin": "administrator", "district_admin": "administrator"}
    truth = {
        key: (one["given"], one["family"], one["username"], one["email"], roles.get(one["kind"], one["kind"]), True)
        for key, one in told(tiny, "people").items()
    }
    found = {
        one.sourced_id: (one.given_name, one.family_name, one.username, one.email, one.role, one.enabled_user)
        for one in reader.users()
    }
    assert found == truth


def test_another_vendors_client_reads_the_enrollments(tiny: Shared, reader: Reader) -> None:
    rows = reader.everything(oneroster_client.EnrollmentsManagementApi(reader.api).get_enrollments, "enrollments")
    truth = {
        key: (one["section"], one["person"], one["role"], one["primary"], one["begins"])
        for key, one in told(tiny, "enrollments").items()
    }
    found = {
        one.sourced_id: (
            *(one._class.sourced_id, one.user.sourced_id, one.role),
            *(bool(one.primary), one.begin_date.isoformat()),
        )
        for one in rows
    }
    assert found == truth


def test_another_vendors_client_reads_each_teachers_classes(tiny: Shared, reader: Reader) -> None:
    read = oneroster_client.ClassesManagementApi(reader.api).get_classes_for_teacher
    teaching: dict[str, set[str]] = {
        one["sourced_id"]: set() for one in tiny.truth()["people"] if one["kind"] == "teacher"
    }
    for one in tiny.truth()["enrollments"]:
        if one["role"] == "teacher":
            teaching[one["person"]].add(one["section"])
    found = {one: {row.sourced_id for row in reader.everything(read, "classes", one)} for one in teaching}
    assert found == teaching


def test_another_vendors_client_reads_every_page_of_a_server_that_caps_them(tiny: Shared, reader: Reader) -> None:
    switch(tiny, classlink_page_cap=2)
    assert {one.sourced_id for one in reader.users()} == told(tiny, "people").keys()


def test_a_generic_client_signs_direct_calls(tiny: Shared, caller: Caller) -> None:
    row = tiny.application
    path = f"/roster/applications/{row['oneroster_application_id']}/server"
    server = caller.get(path, token="sandbox-roster-key")["server"]
    address = f"{server['endpoint_url']}/ims/oneroster/v1p1/users"
    query = {"limit": "3", "filter": "role='teacher' AND familyName~'a'"}
    with OAuth1Session(server["client_id"], server["client_secret"]) as session:
        assert session.get(address, params=query).json()["users"]
    with OAuth1Session(server["client_id"], "another secret") as session:
        assert session.get(address, params=query).status_code == 401


class Client(OAuth2Mixin, OpenIDMixin, BaseApp):
    """Authlib's generic OpenID client, for no framework: it knows the discovery address and nothing else."""

    client_cls = OAuth2Session


@pytest.fixture(params=SERVICES)
def service(request: pytest.FixtureRequest) -> str:
    """Either service."""
    return str(request.param)


@pytest.fixture
def client(service: str, caller: Caller) -> Iterator[Client]:
    """The generic client of one service."""
    discovery, method, _ = SERVICES[service]
    settings = caller.sandbox.app_settings()
    yield Client(
        framework=None,
        name=service,
        client_id=settings[f"ROLLBOOK_{service.upper()}_CLIENT_ID"],
        client_secret=settings[f"ROLLBOOK_{service.upper()}_CLIENT_SECRET"],
        server_metadata_url=caller.sandbox.url + discovery,
        client_kwargs={
            "scope": "openid profile",
            "token_endpoint_auth_method": method,
            "code_challenge_method": "S256",
        },
    )


@pytest.mark.parametrize("kind", ["teacher", "student"])
def test_a_generic_client_signs_in_by_discovery_alone(
    tiny: Shared, caller: Caller, service: str, client: Client, kind: str
) -> None:
    person = next(one for one in tiny.truth()["people"] if one["kind"] == kind)
    caller.session(service, person["clever_id"])
    asked = client.create_authorization_url(CALLBACKS[service])
    where = urlsplit(asked["url"])
    answer = answer_of(caller.ask("GET", f"{where.path}?{where.query}"))
    assert answer["state"] == asked["state"]
    token = client.fetch_access_token(
        redirect_uri=CALLBACKS[service], code=answer["code"], code_verifier=asked["code_verifier"]
    )
    claims = client.parse_id_token(token, nonce=asked["nonce"])
    assert claims["sub"] == str(person[SERVICES[service][2]])
    assert claims["email"] == person["email"]
    with client._get_session() as session:
        session.token = token
        userinfo = session.get(client.server_metadata["userinfo_endpoint"]).json()
    assert userinfo["sub"] == claims["sub"]
