"""Rows about what is read and kept: the declared fields and no others, and nothing private in a log or a table."""

import logging
import re
from pathlib import Path

import msgspec
import pytest
from redis import Redis
from sqlalchemy import text

from tests.certification_rows.customer import Customer
from tests.providers.at_sandbox import At, records
from webapp.jobs import queue
from webapp.providers.oneroster import records as rows
from webapp.roster.records import Enrollment, Record
from webapp.simulator.oneroster.fields import FIELDS
from webapp.store.database import engine
from webapp.store.tables import Base

PAGE = Path(__file__).parents[2] / "docs" / "certification.md"
ROWS: dict[str, type[msgspec.Struct]] = {
    "orgs": rows.OrgRow,
    "academicSessions": rows.SessionRow,
    "courses": rows.CourseRow,
    "classes": rows.ClassRow,
    "users": rows.UserRow,
    "enrollments": rows.EnrollmentRow,
}
"""What decodes each collection. Demographics have none."""
ASKED_BY = {"dateLastModified"}
"""Named in a filter of the change feed, and never decoded."""


def profile(level: int) -> dict[str, set[str]]:
    """Collection -> the fields that the page declares Required (0), Supported (1) or Not Supported (2)."""
    lines = re.findall(r"^\| `(\w+)` \| (.*) \| (.*) \| (.*) \|$", PAGE.read_text(), re.M)
    return {line[0]: set(re.findall(r"`(\w+)`", line[1 + level])) for line in lines}


def read(at: At) -> list[Record]:
    """The whole district as ClassLink shares it."""
    found: list[Record] = []
    for page in at.reader("classlink").whole(found.clear):
        found += page
    return found


def hidden(level: int) -> str:
    """The fields of that level that no collection declares at a lower one, as the sandbox takes them."""
    needed = {name for lower in range(level) for names in profile(lower).values() for name in names}
    return ",".join(sorted({name for names in profile(level).values() for name in names} - needed))


def test_classlink_row_9_every_field_is_declared_once() -> None:
    required, supported, not_supported = (profile(level) for level in range(3))
    assert required.keys() == FIELDS.keys()
    for name, fields in FIELDS.items():
        declared = [*required[name], *supported[name], *not_supported[name]]
        assert sorted(declared) == sorted(fields), name


def test_classlink_row_9_no_field_beyond_the_declared_ones_is_decoded() -> None:
    for name in FIELDS.keys() - {"demographics"}:
        decoded = {field.encode_name for field in msgspec.structs.fields(ROWS[name])}
        assert decoded == (profile(0)[name] | profile(1)[name]) - ASKED_BY, name
    assert not profile(0)["demographics"] | profile(1)["demographics"]


def test_classlink_row_9_nothing_changes_without_the_fields_that_are_not_supported(at: At) -> None:
    before = set(read(at))
    at.switch(oneroster_hides_fields=hidden(2))
    assert set(read(at)) == before


def test_classlink_row_9_who_is_in_which_class_needs_the_required_fields_alone(at: At) -> None:
    def enrolled() -> set[tuple[str, str, str]]:
        found = [one for one in read(at) if isinstance(one, Enrollment)]
        return {(one.section_source_id, one.person_source_id, one.role) for one in found}

    before = enrolled()
    at.switch(oneroster_hides_fields=hidden(1))
    assert before and enrolled() == before


def test_classlink_row_9_demographics_are_never_asked_for(at: At) -> None:
    at.steer("DELETE", "/sandbox/requests")
    read(at)
    sections = [one["sourced_id"] for one in at.truth()["sections"]]
    assert records(at.reader("classlink").sections(sections))
    paths = at.steer("GET", "/sandbox/requests")["paths"]
    assert paths and not [one for one in paths if "demographics" in one]


def test_classlink_row_19_no_password_phone_guardian_or_raw_row_is_in_a_log_a_table_or_the_queue(
    customer: Customer, queue_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    customer.import_everything()
    customer.at.fault(customer.service, "html")
    run = customer.sync(1)
    connection = queue.connect(queue_url)
    queue.nudge(run.id, customer.house.district_id, fast=False)
    people = customer.at.truth()["people"]
    guardians = [one for one in people if one["kind"] == "guardian"]
    stored, queued = everything_stored(), everything_queued(connection)
    connection.close()
    for place in (caplog.text, stored, queued):
        assert "canary" not in place.lower()
        assert not [one for one in guardians if one["clever_id"] in place or one["email"] in place]
    for one in people:
        assert one["email"] not in caplog.text + queued and one["name"] not in caplog.text + queued
    assert len(stored) > 10_000 and caplog.text and queued and guardians
    assert not [one for one in people if one["kind"] == "student" and one["email"] in stored]


def everything_stored() -> str:
    """Every row of ours, as text."""
    with engine().connect() as connection:
        names = [table.name for table in Base.metadata.sorted_tables]
        return "".join(str(connection.execute(text(f"select row_to_json({name}) from {name}")).all()) for name in names)


def everything_queued(connection: Redis) -> str:
    """Every key and value of the queue, as text."""
    told = []
    for key in connection.scan_iter():
        if connection.type(key) == b"hash":
            told.append(f"{key!r} {connection.hgetall(key)!r}")
        else:
            told.append(repr(key))
    return "\n".join(told)
