"""What LaunchPad signs and nodeapi says, and in how many ways it can be wrong."""

from typing import Any

import pytest
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from tests.simulator.switching import switch
from tests.simulator.visitor import Caller, Shared, answer_of

CLIENT = "c-sandbox-client"


def someone(district: Shared, kind: str = "teacher") -> dict[str, Any]:
    """Anybody of that kind."""
    return next(one for one in district.truth()["people"] if one["kind"] == kind)


def token_answer(district: Shared, kind: str = "teacher") -> dict[str, Any]:
    """ClassLink's answer to a fresh code."""
    caller = district.caller
    code = caller.code("classlink", someone(district, kind)["clever_id"], scope="openid profile", nonce="of-mine")
    answer: dict[str, Any] = caller.exchange_classlink(code).json()
    return answer


def mine(district: Shared, what: str, kind: str = "teacher") -> Any:
    """What nodeapi says of somebody."""
    return district.caller.get(f"/nodeapi/{what}", token=token_answer(district, kind)["access_token"])


def accepted(caller: Caller, token: str, sub: str) -> bool:
    """Whether a strict reader takes the id_token."""
    keys = KeySet.import_key_set(caller.get("/launchpad/oauth2/v2/jwks"))
    issuer = caller.get("/launchpad/.well-known/openid-configuration")["issuer"]
    registry = jwt.JWTClaimsRegistry(
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "value": CLIENT},
        nonce={"essential": True, "value": "of-mine"},
        sub={"essential": True, "value": sub},
        exp={"essential": True},
    )
    try:
        registry.validate(jwt.decode(token, keys, algorithms=["RS256"]).claims)
    except JoseError:
        return False
    return True


def test_a_plain_id_token_is_accepted(tiny: Shared, caller: Caller) -> None:
    assert accepted(caller, token_answer(tiny)["id_token"], str(someone(tiny)["classlink_id"]))


@pytest.mark.parametrize(
    "wrong",
    [
        *("another audience", "another issuer", "expired", "another key"),
        *("another nonce", "no nonce", "somebody else's sub", "alg none"),
    ],
)
def test_a_wrong_id_token_is_wrong_in_one_way(tiny: Shared, caller: Caller, wrong: str) -> None:
    switch(tiny, classlink_id_token=wrong)
    token = token_answer(tiny)["id_token"]
    assert not accepted(caller, token, str(someone(tiny)["classlink_id"]))
    header = jws.extract_compact(token.encode()).headers()
    assert header["alg"] == ("none" if wrong == "alg none" else "RS256")


def test_an_id_token_may_be_left_out(tiny: Shared) -> None:
    switch(tiny, classlink_id_token="been left out")
    answer = token_answer(tiny)
    assert "id_token" not in answer
    assert answer["access_token"]


def test_a_refusal_brings_no_state_unless_it_is_switched_on(tiny: Shared, caller: Caller) -> None:
    path = caller.authorize_path("classlink", state="of mine", sandbox_district=str(tiny.number))
    assert answer_of(caller.form(path, refuse="yes")) == {"error": "access_denied"}
    switch(tiny, classlink_refusal_with_state=True)
    assert answer_of(caller.form(path, refuse="yes")) == {"error": "access_denied", "state": "of mine"}


def test_my_info_has_its_documented_types(tiny: Shared) -> None:
    info = mine(tiny, "v2/my/info")
    assert {type(info[name]) for name in ("UserId", "TenantId", "Role_Level", "BuildingId", "StateId")} == {int}
    assert {type(info[name]) for name in ("SourcedId", "LoginId", "Email", "Role", "Tenant", "or_email")} == {str}
    assert isinstance(info["OrgId"], list)


def test_my_info_may_name_no_sourced_id(tiny: Shared) -> None:
    switch(tiny, classlink_without_sourced_ids=True)
    assert mine(tiny, "v2/my/info")["SourcedId"] == ""


@pytest.mark.parametrize(("how", "told"), [("one text", "sch-7-00001"), ("an empty text", "")])
def test_org_id_may_be_a_text(tiny: Shared, how: str, told: str) -> None:
    switch(tiny, classlink_org_id=how)
    assert mine(tiny, "v2/my/info")["OrgId"] == told


@pytest.mark.parametrize(
    ("how", "told"), [("missing", None), ("a list", ["Teacher", "Everyone"]), ("a comma list", "Teacher,Everyone")]
)
def test_the_role_may_be_missing_or_many(tiny: Shared, how: str, told: object) -> None:
    switch(tiny, classlink_role=how)
    assert mine(tiny, "v2/my/info").get("Role") == told


def test_ids_may_be_texts(tiny: Shared) -> None:
    switch(tiny, classlink_ids_as_text=True)
    info = mine(tiny, "v2/my/info")
    assert (info["UserId"], info["TenantId"]) == (str(someone(tiny)["classlink_id"]), str(2000 + tiny.number))


def test_nodeapi_tells_profile_district_groups_and_children(demo: Shared) -> None:
    assert mine(demo, "v2/my/profileinfo")["sub"] == str(someone(demo)["classlink_id"])
    assert isinstance(mine(demo, "v2/my/district"), str)
    assert mine(demo, "v2/my/profiles")[0]["Profile"] == "Teacher"
    assert {one.keys() >= {"name", "groupId", "buildingId"} for one in mine(demo, "my/groups")} == {True}
    assert mine(demo, "v2/my/students") == {"response": []}
    [child] = mine(demo, "v2/my/students", "guardian")["response"]
    assert someone(demo, "guardian")["sourced_id"] in next(
        one["guardians"] for one in demo.truth()["people"] if one["sourced_id"] == child["SourcedId"]
    )


@pytest.mark.parametrize("path", ["v2/my/info", "v2/my/district", "v2/my/students", "my/groups"])
def test_nodeapi_refuses_with_a_message(caller: Caller, path: str) -> None:
    refused = caller.ask("GET", f"/nodeapi/{path}", token="nobody")
    assert (refused.status, list(refused.json())) == (401, ["message"])
