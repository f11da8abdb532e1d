"""How Clever says that a district's data are now."""

from datetime import date

from webapp.providers.answers import text
from webapp.providers.clever.records import DistrictRow
from webapp.providers.dates import day
from webapp.providers.service import Condition

RUNS = {"running", "success"}

UNSETTLED = {
    "pending": "Clever is still reading in this district's data.",
    # Clever's own `error` text is for people of the district and may name anybody: it is neither shown nor read.
    "error": "Clever could not read in this district's newest data; the district's Clever dashboard says why.",
}


def condition(row: DistrictRow, today: date) -> Condition:
    """The district's condition on that day. Words that we do not know mean nothing bad."""
    state = text(row.state)
    if state == "paused" or _within_pause(row, today):
        return _paused(day(row.pause_end), today)
    if state in UNSETTLED:
        return Condition(settled=False, sentence=UNSETTLED[state])
    launch = day(row.launch_date)
    if launch and launch > today:
        # Who belongs where is known already; only the people have to wait.
        return Condition(sentence=f"Nobody can sign in with Clever here before {_spelled(launch)}.", until=launch)
    return Condition()


def _within_pause(row: DistrictRow, today: date) -> bool:
    """True where the pause has begun, unless Clever says that the data run: dates of a pause cut short may stay."""
    start, end = day(row.pause_start), day(row.pause_end)
    if not start or start > today or text(row.state) in RUNS:
        return False
    return end is None or today <= end


def _paused(end: date | None, today: date) -> Condition:
    if end is None or end < today:
        return Condition(settled=False, sentence="Clever itself is paused.")
    return Condition(settled=False, sentence=f"Clever itself is paused until {_spelled(end)}.", until=end)


def _spelled(when: date) -> str:
    return f"{when:%B} {when.day}, {when.year}"
