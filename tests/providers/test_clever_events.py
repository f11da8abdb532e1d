"""Clever's change feed, scripted: where it stands, what it tells, and when only a full read says."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.providers.clever_district import NO_ROUTE, NOT_FOUND, bare_district, listing
from tests.providers.scripted import Reply, Scripted, doc, half, status
from webapp.providers.clever import events
from webapp.providers.clever.reader import CleverReader
from webapp.providers.errors import AccessWithdrawn, Unreachable

NOW = datetime.now(UTC).replace(microsecond=0)
EVENTS = "/v3.1/events"
LAST = f"{EVENTS}?limit=1&ending_before=last"
OLDEST = f"{EVENTS}?limit=1"


@pytest.fixture
def reader(script: Scripted) -> CleverReader:
    return bare_district(script)


def ago(**time: float) -> str:
    return (NOW - timedelta(**time)).isoformat()


def event(number: int, about: str = "", *, kind: str = "sections", **ages: float) -> dict[str, object]:
    changed = {"object": {"id": about or f"s{number}"}}
    return {"id": f"e{number:04}", "type": f"{kind}.updated", "created": ago(**ages or {"hours": 1}), "data": changed}


def after(number: int, limit: int = 1_000) -> str:
    return f"{EVENTS}?starting_after=e{number:04}&limit={limit}"


def start(limit: int = 1_000) -> str:
    return f"{EVENTS}?limit={limit}"


def more(number: int, *rows: dict[str, object]) -> Reply:
    """These events, and a link to what comes after that one."""
    return doc({"data": [{"data": row} for row in rows], "links": [{"rel": "next", "uri": after(number)}]})


def mark(number: int, *, made: str = "", looked: str = "") -> str:
    return f"e{number:04}|{made or ago(hours=3)}|{looked or ago(hours=2)}"


def feed(script: Scripted, *rows: dict[str, object], since: int) -> str:
    """A feed that keeps these events; the cursor of one who saw all up to `since`."""
    script.on(OLDEST, listing(*rows[:1]))
    script.on(after(since), listing(*(row for row in rows if str(row["id"]) > f"e{since:04}")))
    return mark(since)


def placed(cursor: str) -> tuple[str, str]:
    """The event that a cursor names, and when that was made."""
    event_, made, looked = cursor.split("|")
    assert NOW - timedelta(seconds=5) < datetime.fromisoformat(looked)
    return event_, made


def test_the_newest_event_is_found_backwards_and_proven(script: Scripted, reader: CleverReader) -> None:
    script.on(LAST, listing(event(9, hours=5)))
    script.on(after(9), listing())
    assert placed(reader.cursor()) == ("e0009", ago(hours=5))
    assert script.asked == [LAST, after(9)]


@pytest.mark.parametrize("backwards", [status(400), status(501), NOT_FOUND, listing(), listing(event(1))])
def test_where_the_word_last_means_nothing_the_feed_is_walked_to_its_end(
    script: Scripted, reader: CleverReader, backwards: Reply
) -> None:
    script.on(LAST, backwards)
    script.on(start(), more(2, event(1), event(2)))
    script.on(after(1), more(2, event(2)))
    script.on(after(2), listing(event(3, hours=7)))
    assert placed(reader.cursor()) == ("e0003", ago(hours=7))


def test_a_feed_that_is_too_long_to_walk_is_not_used(
    script: Scripted, reader: CleverReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert events.MOST_PAGES == 100
    monkeypatch.setattr(events, "MOST_PAGES", 2)
    script.on(LAST, status(400))
    script.on(start(), more(1, event(1)))
    script.on(after(1), more(2, event(2)))
    script.on(after(2), more(3, event(3)))
    assert reader.cursor() == ""


@pytest.mark.parametrize("closed", [listing(), NO_ROUTE, NOT_FOUND, status(403), status(401), status(400), status(501)])
def test_REL_25_a_feed_that_is_off_or_not_allowed_is_no_withdrawn_access(
    script: Scripted, reader: CleverReader, closed: Reply
) -> None:
    script.on(EVENTS, closed)
    assert reader.cursor() == ""
    assert reader.changes(mark(1)) is None


@pytest.mark.parametrize("refusal", [status(401), status(403)])
def test_REL_25_withdrawn_access_is_not_taken_for_a_closed_feed(
    script: Scripted, reader: CleverReader, refusal: Reply
) -> None:
    script.on(EVENTS, refusal)
    script.on("/v3.1/districts", refusal)
    with pytest.raises(AccessWithdrawn):
        reader.cursor()
    with pytest.raises(AccessWithdrawn):
        reader.changes(mark(1))


@pytest.mark.parametrize(
    "trouble", [status(503), status(429, X_Ratelimit_Reset="99999999999"), half, doc({"links": []})]
)
def test_REL_24_trouble_that_may_pass_is_told_as_such(script: Scripted, reader: CleverReader, trouble: Reply) -> None:
    script.on(EVENTS, trouble)
    with pytest.raises(Unreachable):
        reader.cursor()
    with pytest.raises(Unreachable):
        reader.changes(mark(1))


def test_changes_are_hints_and_a_new_cursor(script: Scripted, reader: CleverReader) -> None:
    cursor = feed(
        script,
        event(1),
        event(2, "s"),
        event(3, "p", kind="users"),
        event(4, "c", kind="courses", minutes=5),
        since=1,
    )
    changes = reader.changes(cursor)
    assert changes
    assert changes.sections == {"s"} and changes.people == {"p"} and changes.around == {"c"}
    assert placed(changes.cursor) == ("e0004", ago(minutes=5))


def test_nothing_new_is_no_change_and_moves_only_the_moment_of_looking(script: Scripted, reader: CleverReader) -> None:
    changes = reader.changes(feed(script, event(1), since=1))
    assert changes and not changes.sections | changes.people | changes.around
    assert placed(changes.cursor) == ("e0001", ago(hours=3))
    assert len(script.asked) == 3


def test_neither_order_nor_repetitions_within_the_feed_matter(script: Scripted, reader: CleverReader) -> None:
    cursor = feed(script, event(1), since=1)
    script.on(after(1), more(3, event(3), event(2), event(3)))
    script.on(after(3), listing(event(3), event(5), event(2), event(4), event(5)))
    changes = reader.changes(cursor)
    assert changes and changes.sections == {"s2", "s3", "s4", "s5"}
    assert placed(changes.cursor)[0] == "e0005"


def test_REL_31_events_older_than_clever_keeps_them_leave_a_hole(script: Scripted, reader: CleverReader) -> None:
    feed(script, event(1), since=1)
    assert reader.changes(mark(1, made=ago(days=40), looked=ago(days=28)))
    assert reader.changes(mark(1, looked=ago(days=29, minutes=1))) is None


def test_REL_31_a_feed_that_begins_after_we_looked_has_a_hole(script: Scripted, reader: CleverReader) -> None:
    feed(script, event(5, hours=1), event(6), since=1)
    assert reader.changes(mark(1, looked=ago(hours=2))) is None
    assert reader.changes(mark(1, looked=ago(minutes=30)))


def test_REL_31_an_event_that_is_gone_leaves_no_hole_where_an_older_one_is_kept(
    script: Scripted, reader: CleverReader
) -> None:
    assert reader.changes(feed(script, event(1, hours=9), event(3), since=2))


def test_REL_31_a_feed_that_was_emptied_has_a_hole(script: Scripted, reader: CleverReader) -> None:
    script.on(EVENTS, listing())
    assert reader.changes(mark(1)) is None


@pytest.mark.parametrize(("synced", "known"), [({"hours": 30}, True), ({"hours": 1}, False)])
def test_REL_31_a_feed_that_says_nothing_of_clevers_last_sync_was_switched_off(
    script: Scripted, reader: CleverReader, synced: dict[str, float], known: bool
) -> None:
    feed(script, event(1), since=1)
    script.on("/v3.1/districts", listing({"id": "d", "last_sync": ago(**synced)}))
    assert bool(reader.changes(mark(1, made=ago(hours=48)))) is known


@pytest.mark.parametrize(
    "cursor",
    ["", "e1", "e1|yesterday|today", "|".join([ago(), ago()]), f"|{ago()}|{ago()}", "2026-09-01"],
    ids=["empty", "an id", "words", "two parts", "no id", "a day"],
)
def test_a_cursor_that_is_not_ours_says_nothing(script: Scripted, reader: CleverReader, cursor: str) -> None:
    assert reader.changes(cursor) is None
    assert script.asked == []


@pytest.mark.parametrize("limit", ["MOST_EVENTS", "MOST_SECTIONS"])
def test_too_many_changes_are_left_to_a_full_read(
    script: Scripted, reader: CleverReader, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    assert (events.MOST_EVENTS, events.MOST_SECTIONS) == (5_000, 300)
    cursor = feed(script, *(event(number) for number in range(1, 5)), since=1)
    monkeypatch.setattr(events, limit, 3)
    assert reader.changes(cursor)
    monkeypatch.setattr(events, limit, 2)
    assert reader.changes(cursor) is None


def test_an_event_that_does_not_say_what_changed_leaves_it_to_a_full_read(
    script: Scripted, reader: CleverReader
) -> None:
    odd: dict[str, object] = {"id": "e0002", "type": "sections.updated", "created": ago(hours=1)}
    assert reader.changes(feed(script, event(1), odd, since=1)) is None


def test_pages_of_events_that_are_too_heavy_are_asked_for_in_smaller_ones(
    script: Scripted, reader: CleverReader
) -> None:
    cursor = feed(script, event(1), since=1)
    script.on(after(1), status(413))
    script.on(after(1, limit=100), listing(event(2)))
    changes = reader.changes(cursor)
    assert changes and changes.sections == {"s2"}
    assert [parse_qs(urlsplit(target).query).get("limit") for target in script.asked[1:3]] == [["1000"], ["100"]]
