"""What nodeapi says about the signed-in person."""

from collections.abc import Callable
from typing import Any

import msgspec
from werkzeug.wrappers import Request, Response

from webapp.simulator.answers import as_json, bearer
from webapp.simulator.stage import Stage
from webapp.simulator.world import District, Person

ROLES = {"student": ("Student", 4), "guardian": ("Parent", 5), "district_admin": ("Tenant Administrator", 1)}
"""Principals and aides arrive as teachers: the roster record is the better place to learn what they are."""

Info = dict[str, Any]


def role_of(person: Person) -> tuple[str, int]:
    """ClassLink's word and number for what a person is."""
    return ROLES.get(person.kind, ("Teacher", 3))


def answer_nodeapi(stage: Stage, request: Request, what: str) -> Response:
    """`/v2/my/...` for the token's holder."""
    found = stage.person(stage.desks["classlink"].holder(bearer(request)))
    if found is None:
        return as_json({"message": "Unauthorized"}, 401)
    if what not in MINE:
        return as_json({"message": "Not Found"}, 404)
    return told(MINE[what](*found))


def told(body: object) -> Response:
    """A good answer: an object, a list or a text."""
    return Response(msgspec.json.encode(body), mimetype="application/json")


def my_info(district: District, person: Person) -> Info:
    """The flat object that most vendors read; the documented list is a lower bound."""
    role, level = role_of(person)
    doors = district.doors.classlink
    info = {
        "UserId": person.classlink_id,
        "TenantId": doors.tenant_id,
        "StateName": "California",
        "StateId": 5,
        "Tenant": district.name,
        "Building": district.schools[person.schools[0]].name if person.schools else district.name,
        "BuildingId": district.number * 100,
        "ProfileId": district.number * 10 + level,
        "Profile": role,
        "LanguageId": 1,
        "Language": "English",
        "AuthenticationType": 1,
        "DefaultTimeFormat": 12,
        "ImagePath": "",
        "LastAccessTime": district.opened,
        **who(district, person),
        "Role": role,
        "Role_Level": level,
        "OrgId": list(person.schools),
        "or_email": person.email,
    }
    return changed(info, district)


def who(district: District, person: Person) -> Info:
    """The person's own names; without a roster server there is no SourcedId."""
    return {
        "SourcedId": "" if district.doors.classlink.classlink_without_sourced_ids else person.sourced_id,
        "LoginId": person.username,
        "Email": person.email,
        "FirstName": person.given,
        "LastName": person.family,
        "DisplayName": person.name,
    }


def changed(info: Info, district: District) -> Info:
    """The same object in the types that this tenant has it in."""
    doors = district.doors.classlink
    if doors.classlink_org_id:
        info["OrgId"] = "" if doors.classlink_org_id == "an empty text" else ",".join(info["OrgId"])
    if doors.classlink_role == "missing":
        del info["Role"]
    elif doors.classlink_role:
        both = [info["Role"], "Everyone"]
        info["Role"] = both if doors.classlink_role == "a list" else ",".join(both)
    if doors.classlink_ids_as_text:
        info |= {name: str(info[name]) for name in ("UserId", "TenantId")}
    return info


def my_profileinfo(district: District, person: Person) -> Info:
    """What discovery calls userinfo: the same person in OpenID's words."""
    role, _ = role_of(person)
    return {
        "sub": str(person.classlink_id),
        "email": person.email,
        "name": person.name,
        "given_name": person.given,
        "family_name": person.family,
        "preferred_username": person.username,
        "profile": role,
        "address": {"locality": district.name},
    }


def my_district(district: District, person: Person) -> str:
    """The district's name, as one text."""
    return district.name


def my_profiles(district: District, person: Person) -> list[Info]:
    """The profiles that the person may choose from."""
    role, level = role_of(person)
    return [{"ProfileId": district.number * 10 + level, "Profile": role}]


def my_students(district: District, person: Person) -> Info:
    """A parent's children; nobody for anybody else."""
    children = (one for one in district.people.values() if person.sourced_id in one.guardians)
    return {"response": [{"UserId": one.classlink_id, **who(district, one)} for one in children]}


def my_groups(stage: Stage, request: Request) -> Response:
    """`/my/groups`, without a version: the person's classes."""
    found = stage.person(stage.desks["classlink"].holder(bearer(request)))
    if found is None:
        return as_json({"message": "Unauthorized"}, 401)
    district, person = found
    mine = {one.section for one in district.enrollments.values() if one.person == person.sourced_id}
    sections = (district.sections[one] for one in district.sections if one in mine)
    return told(
        [{"name": one.name, "groupId": one.sourced_id, "buildingId": district.number * 100} for one in sections]
    )


MINE: dict[str, Callable[[District, Person], object]] = {
    "info": my_info,
    "profileinfo": my_profileinfo,
    "district": my_district,
    "profiles": my_profiles,
    "students": my_students,
}
"""The last part of the path -> who answers it."""
