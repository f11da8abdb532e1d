"""ClassLink's table of districts, and the way through it to a district's roster."""

import pytest

from tests.providers.conftest import TINY
from tests.providers.oneroster_list import listed
from tests.providers.scripted import Reply, Scripted, doc, status
from webapp.providers.classlink.applications import Grant, Table
from webapp.providers.classlink.roster_door import ROSTER_PATH
from webapp.providers.errors import AccessWithdrawn, ClientRefused, IncompleteAnswer, ProviderError
from webapp.providers.service import Access, RosterReader, SharedDistrict
from webapp.providers.table import services
from webapp.providers.wire import Wire
from webapp.settings import Settings

Row = dict[str, object]


def row(tenant: object, **more: object) -> Row:
    known = {"id": 1, "application_id": 2, "tenant_id": tenant, "oneroster_application_id": f"id{tenant}%3d"}
    return {**known, "bearer": f"bearer {tenant}", "enabled": "true", "tenant_status": "Active", "version": "", **more}


def page(*rows: Row) -> Reply:
    return doc({"status": 1, "applications": list(rows)})


def told(*rows: Row, cap: int = 10_000) -> Reply:
    """The table as ClassLink tells it: it minds limit and offset, and has no counts."""
    return listed("applications", rows, cap=cap, totals=False)


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


def reader(known: Settings, token: str = "bearer 1", told: list[str] | None = None) -> RosterReader:
    hears = told.append if told is not None else None
    return services(known, TINY)["classlink"].reader(Access("1", token), on_new_token=hears)


def user(source_id: str) -> Reply:
    return doc({"user": {"sourcedId": source_id, "givenName": "A", "familyName": "B", "role": "teacher"}})


NO_ORGS = doc({"orgs": []}, X_Total_Count="0")


def test_a_district_is_found_by_its_tenant_as_text(script: Scripted, wire: Wire, table: Table) -> None:
    script.on("/applications", told(row(12), row(1), row("2")))
    assert table.grant_now(wire, "1") == Grant("id1%3d", "bearer 1")
    assert table.grant(wire, "2") == Grant("id2%3d", "bearer 2")
    assert script.headers[0]["Authorization"] == "Bearer partner key"


@pytest.mark.parametrize("cap", [1, 2, 5, 1000])
def test_pages_are_read_until_nothing_new_comes(script: Scripted, wire: Wire, table: Table, cap: int) -> None:
    script.on("/applications", told(*(row(number) for number in range(5)), cap=cap))
    assert [one.district for one in table.districts(wire)] == ["0", "1", "2", "3", "4"]
    assert script.asked[:2] == [f"/applications?limit=1000&offset={offset}" for offset in (0, min(cap, 5))]


def test_a_page_that_lost_its_end_loses_no_district(script: Scripted, wire: Wire, table: Table) -> None:
    script.on("/applications", page(row(1), row(2)), page(row(3)), page())
    assert len(table.districts(wire)) == 3


def test_a_server_that_ignores_the_offset_is_not_asked_for_ever(script: Scripted, wire: Wire, table: Table) -> None:
    script.on("/applications", page(row(1), row(2)))
    assert table.grant_now(wire, "2").token == "bearer 2"
    assert len(script.asked) == 2
    assert len(table.districts(wire)) == 2


def test_where_pages_may_be_cut_and_the_offset_is_ignored_nobody_counts_as_absent(
    script: Scripted, wire: Wire, table: Table
) -> None:
    script.on("/applications", page(*(row(number) for number in range(100))))
    assert table.grant_now(wire, "7").token == "bearer 7"
    with pytest.raises(IncompleteAnswer):
        table.grant_now(wire, "100")
    with pytest.raises(IncompleteAnswer):
        table.districts(wire)


def test_REL_28_a_table_that_moves_while_it_is_read_is_read_anew(script: Scripted, wire: Wire, table: Table) -> None:
    script.on("/applications", page(row(1), row(2)), page(row(2), row(3)), told(row(1), row(2), row(3)))
    assert [one.district for one in table.districts(wire)] == ["1", "2", "3"]


def test_without_a_bearer_of_its_own_the_partner_key_reads(script: Scripted, wire: Wire, table: Table) -> None:
    script.on("/applications", told(row(1, bearer=None), row(2, bearer="")))
    assert {table.grant_now(wire, one).token for one in "12"} == {"partner key"}


@pytest.mark.parametrize(
    "rows", [[], [row(2)], [row(1, enabled="false")], [row(1, enabled=None)], [row(1, enabled=False)]]
)
def test_REL_25_a_district_that_is_absent_or_switched_off_is_withdrawn(
    script: Scripted, wire: Wire, table: Table, rows: list[Row]
) -> None:
    script.on("/applications", told(*rows))
    with pytest.raises(AccessWithdrawn):
        table.grant(wire, "1")
    assert "1" not in {one.district for one in table.districts(wire)}


def test_a_district_without_a_roster_server_has_no_roster(script: Scripted, wire: Wire, table: Table) -> None:
    script.on("/applications", told(row(1, oneroster_application_id=None)))
    with pytest.raises(AccessWithdrawn, match="no roster server"):
        table.grant(wire, "1")


def test_of_several_applications_the_one_that_reads_is_taken(script: Scripted, wire: Wire, table: Table) -> None:
    off = row(1, id=1, oneroster_application_id="off", enabled="false")
    poor = row(1, id=2, oneroster_application_id="poor", bearer=None)
    odd = row(1, id=3, oneroster_application_id="odd", tenant_status="Pending")
    good = row(1, id=4, oneroster_application_id="good", tenant_name="Harbor")
    script.on("/applications", told(off, poor, odd, good))
    assert table.grant_now(wire, "1") == Grant("good", "bearer 1")
    assert table.districts(wire) == [SharedDistrict("1", "bearer 1", "Harbor")]


def test_a_status_word_that_nobody_knows_takes_no_access(script: Scripted, wire: Wire, table: Table) -> None:
    script.on("/applications", told(row(1, tenant_status="Onboarding")))
    assert table.grant_now(wire, "1").token == "bearer 1"


def test_one_object_in_place_of_the_array_tells_of_its_own_district_only(
    script: Scripted, wire: Wire, table: Table
) -> None:
    script.on("/applications", doc({"status": 1, "applications": row(1)}))
    assert table.grant_now(wire, "1").token == "bearer 1"
    with pytest.raises(IncompleteAnswer):
        table.grant_now(wire, "2")
    with pytest.raises(IncompleteAnswer):
        table.districts(wire)


def test_a_row_without_its_tenant_might_be_anybodys(script: Scripted, wire: Wire, table: Table) -> None:
    script.on("/applications", told(row(1), row(None)))
    assert table.grant_now(wire, "1").token == "bearer 1"
    with pytest.raises(IncompleteAnswer):
        table.grant_now(wire, "2")


@pytest.mark.parametrize(
    "answer",
    [
        doc({"status": 0, "applications": []}),
        doc({"status": 1}),
        doc({"status": 1, "applications": None}),
        doc({"status": 1, "applications": "none"}),
        doc([]),
        status(404),
    ],
)
def test_a_broken_table_takes_nobodys_access(script: Scripted, wire: Wire, table: Table, answer: Reply) -> None:
    script.on("/applications", answer)
    with pytest.raises(IncompleteAnswer):
        table.grant_now(wire, "1")
    with pytest.raises(IncompleteAnswer):
        table.districts(wire)


@pytest.mark.parametrize("code", [401, 403])
def test_a_refused_partner_key_takes_nobodys_access(script: Scripted, wire: Wire, table: Table, code: int) -> None:
    script.on("/applications", status(code))
    with pytest.raises(ClientRefused):
        table.grant(wire, "1")


def test_the_table_is_remembered_but_an_unknown_district_asks_again(script: Scripted, wire: Wire, table: Table) -> None:
    script.on("/applications", page(row(1)), page(), page(row(1), row(2)), page())
    assert table.grant(wire, "1") == table.grant(wire, "1")
    assert len(script.asked) == 2
    assert table.grant(wire, "2").token == "bearer 2"


def test_the_application_id_is_sent_as_it_came(script: Scripted, known: Settings) -> None:
    script.on("/applications", told(row(1)))
    with pytest.raises(ProviderError):
        reader(known).person("a|b")
    assert script.asked[-2:] == [f"/id1%3d/{ROSTER_PATH}/{rest}" for rest in ("users/a%7Cb", "orgs?limit=1")]


@pytest.mark.parametrize("code", [401, 403])
def test_REL_25_a_refused_token_that_is_still_the_current_one_is_withdrawn(
    script: Scripted, known: Settings, code: int
) -> None:
    script.on("/applications", told(row(1)))
    script.on(f"/id1%3d/{ROSTER_PATH}/users/x", status(code))
    with pytest.raises(AccessWithdrawn, match=str(code)):
        reader(known).person("x")
    assert len([target for target in script.asked if target.endswith("/users/x")]) == 1


@pytest.mark.parametrize("code", [401, 403])
def test_REL_25_a_district_that_has_switched_us_off_is_told_so(script: Scripted, known: Settings, code: int) -> None:
    script.on("/applications", page(row(1)), page(), told(row(1, enabled="false")))
    script.on(f"/id1%3d/{ROSTER_PATH}/users/x", status(code))
    with pytest.raises(AccessWithdrawn, match="switched us off"):
        reader(known).person("x")


def test_a_rotated_bearer_is_tried_once_and_told(script: Scripted, known: Settings) -> None:
    script.on("/applications", page(row(1)), page(), told(row(1, bearer="fresh")))
    script.on(f"/id1%3d/{ROSTER_PATH}/users/x", status(401), user("x"))
    script.on(f"/id1%3d/{ROSTER_PATH}/orgs", NO_ORGS)
    heard: list[str] = []
    assert reader(known, told=heard).person("x").source_id == "x"
    assert heard == ["fresh"]
    assert script.headers[-1]["Authorization"] == "Bearer fresh"


def test_REL_25_a_rotated_bearer_that_is_refused_too_is_withdrawn(script: Scripted, known: Settings) -> None:
    script.on("/applications", page(row(1)), page(), told(row(1, bearer="fresh")))
    script.on(f"/id1%3d/{ROSTER_PATH}/users/x", status(401))
    with pytest.raises(AccessWithdrawn):
        reader(known).person("x")
    assert len([target for target in script.asked if target.endswith("/users/x")]) == 2


def test_an_application_that_was_added_anew_is_found_at_its_new_path(script: Scripted, known: Settings) -> None:
    script.on("/applications", page(row(1)), page(), told(row(1, oneroster_application_id="new%3D")))
    script.on(f"/id1%3d/{ROSTER_PATH}/users/x", status(401))
    script.on(f"/new%3D/{ROSTER_PATH}/users/x", user("x"))
    script.on(f"/new%3D/{ROSTER_PATH}/orgs", NO_ORGS)
    assert reader(known).person("x").source_id == "x"


def test_a_token_that_is_refused_while_the_table_is_down_withdraws_nothing(script: Scripted, known: Settings) -> None:
    script.on("/applications", page(row(1)), page(), status(503))
    script.on(f"/id1%3d/{ROSTER_PATH}/users/x", status(401))
    with pytest.raises(ProviderError) as caught:
        reader(known).person("x")
    assert not isinstance(caught.value, AccessWithdrawn)
