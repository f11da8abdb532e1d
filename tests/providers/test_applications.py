"""ClassLink's table of districts."""

import pytest

from tests.providers.conftest import TINY
from tests.providers.scripted import Reply, Scripted, doc, status
from webapp.providers.classlink.applications import Grant, Table
from webapp.providers.errors import AccessWithdrawn, IncompleteAnswer, ProviderError
from webapp.providers.service import Access
from webapp.providers.table import services
from webapp.providers.wire import Wire
from webapp.settings import Settings


def row(tenant: object, **more: object) -> dict[str, object]:
    known = {"id": 1, "application_id": 2, "tenant_id": tenant, "oneroster_application_id": f"id{tenant}%3d"}
    return {**known, "bearer": f"bearer {tenant}", "enabled": "true", **more}


def page(*rows: dict[str, object]) -> Reply:
    return doc({"status": 1, "applications": list(rows)})


@pytest.fixture
def known(script: Scripted) -> Settings:
    url = script.url
    return Settings(
        _env_file=None,
        classlink_client_id="client",
        classlink_client_secret="secret",
        classlink_roster_key="partner key",
        classlink_nodeapi_url=url,
        classlink_roster_url=url,
    )


@pytest.fixture
def table(known: Settings) -> Table:
    return Table(known)


def test_a_district_is_found_by_its_tenant_as_text(script: Scripted, wire: Wire, table: Table) -> None:
    script.on("/applications", page(row(12), row(1), row("2")), page())
    assert table.grant_now(wire, "1") == Grant("id1%3d", "bearer 1")
    assert table.grant(wire, "2") == Grant("id2%3d", "bearer 2")
    assert script.headers[0]["Authorization"] == "Bearer partner key"


def test_pages_are_read_until_one_is_shorter_or_empty(script: Scripted, wire: Wire, table: Table) -> None:
    script.on("/applications", page(row(1), row(2)), page(row(3), row(4)), page(row(5)))
    assert table.grant_now(wire, "5").token == "bearer 5"
    assert script.asked == [f"/applications?limit=1000&offset={offset}" for offset in (0, 2, 4)]


def test_a_server_that_ignores_the_offset_is_not_asked_for_ever(script: Scripted, wire: Wire, table: Table) -> None:
    script.on("/applications", page(row(1), row(2)))
    assert table.grant_now(wire, "2").token == "bearer 2"
    assert len(script.asked) == 2


def test_without_a_bearer_of_its_own_the_partner_key_reads(script: Scripted, wire: Wire, table: Table) -> None:
    script.on("/applications", page(row(1, bearer=None)), page())
    assert table.grant_now(wire, "1").token == "partner key"


@pytest.mark.parametrize("rows", [[], [row(2)], [row(1, enabled="false")], [row(1, enabled=None)]])
def test_REL_25_a_district_that_is_absent_or_switched_off_is_withdrawn(
    script: Scripted, wire: Wire, table: Table, rows: list[dict[str, object]]
) -> None:
    script.on("/applications", page(*rows), page())
    with pytest.raises(AccessWithdrawn):
        table.grant(wire, "1")


@pytest.mark.parametrize(
    "answer", [doc({"status": 1, "applications": row(1)}), doc({"status": 0, "applications": []}), doc({"status": 1})]
)
def test_a_broken_table_takes_nobodys_access(script: Scripted, wire: Wire, table: Table, answer: Reply) -> None:
    script.on("/applications", answer)
    with pytest.raises(IncompleteAnswer):
        table.grant_now(wire, "1")


def test_the_table_is_remembered_but_an_unknown_district_asks_again(script: Scripted, wire: Wire, table: Table) -> None:
    script.on("/applications", page(row(1)), page(), page(row(1), row(2)), page())
    assert table.grant(wire, "1") == table.grant(wire, "1")
    assert len(script.asked) == 2
    assert table.grant(wire, "2").token == "bearer 2"


def test_the_application_id_is_sent_as_it_came(script: Scripted, known: Settings) -> None:
    script.on("/applications", page(row(1)), page())
    with pytest.raises(ProviderError):
        services(known, TINY)["classlink"].reader(Access("1", "token")).person("a|b")
    assert script.asked[-2:] == [f"/id1%3d/ims/oneroster/v1p1/{rest}" for rest in ("users/a%7Cb", "orgs?limit=1")]


def test_REL_25_a_refused_token_that_is_still_the_current_one_is_withdrawn(script: Scripted, known: Settings) -> None:
    script.on("/applications", page(row(1)), page(), page(row(1)), page())
    script.on("/id1%3d/ims/oneroster/v1p1/users/x", status(401))
    with pytest.raises(AccessWithdrawn):
        services(known, TINY)["classlink"].reader(Access("1", "bearer 1")).person("x")
    assert len([target for target in script.asked if target.endswith("/users/x")]) == 1
