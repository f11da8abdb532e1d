"""The delta by `dateLastModified`: hints what to read anew, from servers that can tell and from those that cannot."""

from datetime import date
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
import time_machine

from tests.providers.oneroster_list import listed
from tests.providers.scripted import Reply, Scripted, doc, status
from webapp.providers.errors import AccessWithdrawn, Unreachable
from webapp.providers.oneroster.changes import MOST
from webapp.providers.oneroster.feed import Feed
from webapp.providers.oneroster.reader import OneRosterReader
from webapp.providers.service import Changes, Condition
from webapp.providers.wire import Wire

OLD, NEW = "2026-09-01T05:00:00.000Z", "2026-09-15T05:00:00.000Z"
COLLECTIONS = ("orgs", "academicSessions", "courses", "classes", "users", "enrollments")


class District:
    """A roster server that knows when its rows were changed."""

    def __init__(self, script: Scripted) -> None:
        self.headers: dict[str, Any] = {"X_Perm_Rev": "7"}
        self.clock = "Tue, 15 Sep 2026 06:30:00 GMT"
        self.rows: dict[str, list[dict[str, Any]]] = {name: [] for name in COLLECTIONS}
        self.rows["orgs"] = [{"sourcedId": "s", "type": "school", "dateLastModified": OLD}]
        self.rows["classes"] = [{"sourcedId": "c1", "dateLastModified": OLD}]
        self.rows["enrollments"] = [self.enrollment("e1", "c1", OLD)]
        for name in COLLECTIONS:
            script.on(f"/{name}", self.answer(name))

    def enrollment(self, source_id: str, class_: str, changed: str, **more: object) -> dict[str, Any]:
        reference = {"sourcedId": class_}
        return {"sourcedId": source_id, "class": reference, "dateLastModified": changed, **more}

    def answer(self, name: str) -> Reply:
        def write(handler: BaseHTTPRequestHandler) -> None:
            filter_ = parse_qs(urlsplit(handler.path).query).get("filter", ["dateLastModified>''"])[0]
            since = filter_.removeprefix("dateLastModified>'").removesuffix("'")
            rows = [row for row in self.rows[name] if row["dateLastModified"] > since]
            setattr(handler, "date_time_string", lambda: self.clock)  # noqa: B010
            listed(name, rows, **self.headers)(handler)

        return write


@pytest.fixture
def district(script: Scripted) -> District:
    return District(script)


@pytest.fixture
def reader(script: Scripted, wire: Wire, district: District) -> OneRosterReader:
    return OneRosterReader(Feed(wire, lambda target: wire.get(f"{script.url}/{target}", {})), date(2026, 9, 15))


CURSOR = "2026-09-15T06:20:00.000Z 7"
EARLIER = "2026-09-14T06:20:00.000Z 6"


def test_REL_31_the_cursor_is_ten_minutes_before_the_servers_own_clock(
    script: Scripted, reader: OneRosterReader
) -> None:
    assert reader.cursor() == CURSOR
    assert len(script.asked) == 2


@time_machine.travel("2026-09-15T07:00:00Z", tick=False)
def test_REL_31_or_before_ours_where_it_tells_no_time(reader: OneRosterReader, district: District) -> None:
    district.clock = "some day"
    del district.headers["X_Perm_Rev"]
    assert reader.cursor() == "2026-09-15T06:50:00.000Z "


ROW = {"sourcedId": "c1"}


@pytest.mark.parametrize(
    "answer",
    [
        status(400),
        status(404),
        status(500),
        doc({"classes": [ROW]}),  # ignores the filter
        doc({"classes": []}),  # has no rows, or no times in them
        doc({"imsx_codeMajor": "failure"}),
    ],
)
def test_a_server_that_cannot_filter_by_time_has_no_feed(
    script: Scripted, reader: OneRosterReader, answer: Reply
) -> None:
    script.on("/classes", answer)
    assert reader.cursor() == ""


def test_REL_25_withdrawn_access_is_not_just_a_missing_feed(script: Scripted, reader: OneRosterReader) -> None:
    script.on("/classes", status(401))
    with pytest.raises(AccessWithdrawn):
        reader.cursor()


def test_an_unchanged_revision_is_no_change_in_one_request(script: Scripted, reader: OneRosterReader) -> None:
    assert reader.changes(CURSOR) == Changes(CURSOR)
    assert len(script.asked) == 1


def test_changed_rows_name_sections_people_and_what_stands_around(reader: OneRosterReader, district: District) -> None:
    district.rows["enrollments"] += [
        district.enrollment("e2", "c2", NEW),
        district.enrollment("e3", "c3", NEW, status="tobedeleted"),
    ]
    district.rows["classes"] = [
        {"sourcedId": "c4", "dateLastModified": NEW},
        {"sourcedId": "c5", "dateLastModified": OLD},
    ]
    district.rows["users"] = [{"sourcedId": "p1", "dateLastModified": NEW, "enabledUser": "false"}]
    district.rows["courses"] = [{"sourcedId": "bio", "dateLastModified": NEW}]
    district.rows["academicSessions"] = [{"sourcedId": "fall", "dateLastModified": NEW}]
    district.rows["orgs"].append({"sourcedId": "s2", "dateLastModified": NEW})
    assert reader.changes(EARLIER) == Changes(
        CURSOR, frozenset({"c2", "c3", "c4"}), frozenset({"p1"}), frozenset({"bio", "fall", "s2"})
    )


def test_rows_without_ids_are_no_hints(reader: OneRosterReader, district: District) -> None:
    district.rows["users"] = [{"sourcedId": one, "dateLastModified": NEW} for one in ("p1", "p2", "")]
    district.rows["enrollments"].append({"sourcedId": "e2", "class": None, "dateLastModified": NEW})
    assert reader.changes(EARLIER) == Changes(CURSOR, people=frozenset({"p1", "p2"}))


def test_REL_1_a_new_revision_without_a_changed_row_is_for_a_full_read(reader: OneRosterReader) -> None:
    """Rules of sharing make records disappear without a word."""
    assert reader.changes(EARLIER) is None


def test_without_revisions_nothing_changed_is_nothing_changed(reader: OneRosterReader, district: District) -> None:
    del district.headers["X_Perm_Rev"]
    assert reader.changes("2026-09-14T06:20:00.000Z ") == Changes("2026-09-15T06:20:00.000Z ")


@pytest.mark.parametrize("name", ["enrollments", "users"])
def test_an_import_that_restamps_everything_costs_less_than_a_full_read(
    script: Scripted, reader: OneRosterReader, district: District, name: str
) -> None:
    rows = [{"sourcedId": str(one), "class": {"sourcedId": "c"}, "dateLastModified": NEW} for one in range(MOST + 1)]
    district.rows[name] = rows
    assert reader.changes(EARLIER) is None
    assert len(script.asked) <= 4
    assert max(int(unquote(one).split("limit=")[1].split("&")[0]) for one in script.asked) == 1_000


def test_many_changes_of_every_kind_are_too_many_together(reader: OneRosterReader, district: District) -> None:
    for name in ("users", "courses"):
        district.rows[name] = [{"sourcedId": str(one), "dateLastModified": NEW} for one in range(MOST // 2 + 1)]
    assert reader.changes(EARLIER) is None


@pytest.mark.parametrize("code", [400, 404, 422])
def test_a_filter_that_is_no_longer_known_is_for_a_full_read(
    script: Scripted, reader: OneRosterReader, code: int
) -> None:
    script.on("/users", status(code))
    assert reader.changes(EARLIER) is None


def test_REL_1_trouble_is_no_lack_of_changes(script: Scripted, reader: OneRosterReader) -> None:
    script.on("/users", status(503))
    with pytest.raises(Unreachable):
        reader.changes(EARLIER)


def test_the_condition_is_told_without_a_request(script: Scripted, reader: OneRosterReader) -> None:
    assert reader.condition() == Condition()
    assert script.asked == []
