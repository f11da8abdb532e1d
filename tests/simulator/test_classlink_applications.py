"""ClassLink's list of applications, and who may read what it names."""

import hashlib
import hmac
from base64 import b64encode
from typing import Any
from urllib.parse import quote

import pytest

from tests.simulator.switching import ids, switch
from tests.simulator.visitor import Caller, Shared

KEY = "sandbox-roster-key"


def applications(caller: Caller, query: str = "limit=10000") -> Any:
    """What the list tells."""
    return caller.get(f"/roster/applications?{query}", token=KEY)["applications"]


def tenants(caller: Caller) -> list[int]:
    """The tenants in the list."""
    return [one["tenant_id"] for one in applications(caller)]


@pytest.fixture
def twin(tiny: Shared, caller: Caller) -> Shared:
    """Another tenant with the same sourced ids."""
    return Shared(caller, caller.post("/sandbox/districts", twin_of=tiny.number)["number"])


def test_a_twin_has_the_same_sourced_ids_and_other_people(tiny: Shared, twin: Shared) -> None:
    for collection in ("orgs", "classes", "users", "enrollments"):
        assert ids(twin, collection) == ids(tiny, collection)
    theirs = {one["sourced_id"]: one for one in twin.truth()["people"]}
    for one in tiny.truth()["people"]:
        other = theirs[one["sourced_id"]]
        assert one["clever_id"] != other["clever_id"]
        assert one["classlink_id"] != other["classlink_id"]
        assert one["email"] != other["email"]
    assert sum(theirs[one["sourced_id"]]["name"] != one["name"] for one in tiny.truth()["people"]) > 10


def test_a_twins_bearer_reads_the_twin_alone(tiny: Shared, twin: Shared, caller: Caller) -> None:
    path = f"/roster/{twin.application['oneroster_application_id']}/ims/oneroster/v1p1/users"
    assert caller.ask("GET", path, token=tiny.application["bearer"]).status == 401


def test_a_tenant_may_be_missing_from_the_list_and_come_back(tiny: Shared, caller: Caller) -> None:
    switch(tiny, classlink_listed=False)
    assert 2000 + tiny.number not in tenants(caller)
    switch(tiny, classlink_listed=True)
    assert 2000 + tiny.number in tenants(caller)


def test_a_hundred_and_more_tenants_page_without_counts(tiny: Shared, caller: Caller) -> None:
    switch(tiny, classlink_more_tenants=150)
    assert len(tenants(caller)) > 150
    assert len(applications(caller, "")) == 100
    found: list[int] = []
    while page := applications(caller, f"limit=60&offset={len(found)}"):
        found += [one["tenant_id"] for one in page]
    switch(tiny, classlink_more_tenants=0)
    assert len(found) == len(set(found))
    assert found.index(2000 + tiny.number) >= 150


def test_the_list_may_cap_its_pages_or_ignore_the_offset(tiny: Shared, caller: Caller) -> None:
    switch(tiny, classlink_applications_cap=1)
    assert len(applications(caller)) == 1
    switch(tiny, classlink_applications_cap=0, classlink_applications_ignore_offset=True)
    assert applications(caller, "offset=10000")
    switch(tiny, classlink_applications_ignore_offset=False)
    assert applications(caller, "offset=10000") == []


def test_the_list_may_be_one_object_as_in_the_documentation(tiny: Shared, caller: Caller) -> None:
    switch(tiny, classlink_applications_as_object=True)
    assert isinstance(applications(caller), dict)
    switch(tiny, classlink_applications_as_object=False)
    assert isinstance(applications(caller), list)


def test_without_a_bearer_of_its_own_the_partner_key_reads(tiny: Shared, caller: Caller) -> None:
    row = tiny.application
    path = f"/roster/{row['oneroster_application_id']}/ims/oneroster/v1p1/users"
    assert caller.ask("GET", path, token=KEY).status == 401
    switch(tiny, classlink_bearer_null=True)
    assert tiny.application["bearer"] is None
    assert caller.ask("GET", path, token=KEY).status == 200
    assert caller.ask("GET", path, token=row["bearer"]).status == 401


def test_a_tenants_status_is_a_word(tiny: Shared) -> None:
    assert tiny.application["tenant_status"] == "Active"
    switch(tiny, classlink_tenant_status="Suspended")
    assert tiny.application["tenant_status"] == "Suspended"


@pytest.mark.parametrize("status", [401, 403])
def test_a_true_refusal_leaves_the_bearer_as_it_is(tiny: Shared, status: int) -> None:
    before = tiny.application["bearer"]
    switch(tiny, classlink_refuses=str(status))
    assert tiny.roster_answer("users").status == status
    assert tiny.application["bearer"] == before
    assert tiny.application["enabled"] == "true"
    switch(tiny, classlink_refuses="")
    assert tiny.roster_answer("users").status == 200


def test_the_older_prefix_leads_to_the_same_place(tiny: Shared, caller: Caller) -> None:
    row = tiny.application
    path = f"/{row['oneroster_application_id']}/ims/oneroster/v1p1/users"
    assert caller.get(f"/roster/proxy/v1p0{path}", token=row["bearer"]) == tiny.roster("users")


def test_a_direct_call_is_signed_as_classlinks_own_library_signs(tiny: Shared, caller: Caller) -> None:
    row = tiny.application
    address = f"/roster/{row['oneroster_application_id']}/ims/oneroster/v1p1/classes"
    values = {
        "limit": "2",
        "oauth_consumer_key": f"roster-client-{tiny.number}",
        "oauth_nonce": "n",
        "oauth_signature_method": "HMAC-SHA256",
        "oauth_timestamp": "1",
    }
    pairs = "&".join(f"{name}={value}" for name, value in values.items())
    base = f"GET&{quote(caller.sandbox.url + address, safe='')}&{quote(pairs, safe='')}"
    digest = hmac.new(f"roster-secret-{tiny.number}&".encode(), base.encode(), hashlib.sha256).digest()
    for signature, status in ((b64encode(digest).decode(), 200), ("wrong", 401)):
        sent = values | {"oauth_signature": quote(signature, safe="")}
        header = "OAuth " + ",".join(f'{name}="{value}"' for name, value in sent.items() if name != "limit")
        answer = caller.ask("GET", f"{address}?limit=2", headers={"Authorization": header})
        assert answer.status == status
