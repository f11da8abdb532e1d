"""How one district opens itself to Clever's customers: its token, and its switches."""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import date

from webapp.simulator.switches import switch

STATES = ("running", "pending", "paused", "error", "success")
NO_VALUES = ("absent", "empty", "null", "mixed")
WRONG_TOKENS = (
    "missing",
    "alg none",
    "bad signature",
    "expired",
    "wrong aud",
    "wrong iss",
    "wrong nonce",
    "another's sub",
)


@dataclass(kw_only=True)
class CleverDoors:
    """What a vendor's application needs to read this district at Clever, and what Clever makes of it."""

    clever_token: str
    retired_tokens: list[str] = field(default_factory=list)
    """District-app tokens that were good once."""

    clever_connected: bool = switch(True, "The district shares with the application")
    clever_without_secure_sync: bool = switch(False, "Its token reads only the district, not its roster")
    clever_rate_limit: int = switch(1200, "Requests a minute for each token")
    clever_token_list_cap: int = switch(0, "Rows on a page of the token list")
    clever_refused_as: str = switch("401", "A token that is not good any more gets", choices=("401", "403", "404"))
    clever_errors_say: str = switch(
        "error", "Errors as JSON carry their words in", choices=("error", "message", "both", "nothing")
    )

    clever_user_token_seconds: int = switch(7200, "A person's own token lives so many seconds")
    clever_me_tells_role: bool = switch(False, "/me tells a role as its type, not `user`")
    clever_openid: bool = switch(True, "OpenID Connect is on: an id_token comes with each sign-in")
    clever_wrong_token: str = switch("", "What is wrong with that id_token", choices=WRONG_TOKENS)

    clever_state: str = switch(
        "running", "The district's state; while paused its data stay as they are", choices=STATES
    )
    clever_error: str = switch("", "The text of its error")
    clever_pause_start: str = switch("", "The pause begins (YYYY-MM-DDTHH:MM:SS.sssZ)")
    clever_pause_end: str = switch("", "The pause ends")
    clever_last_sync: str = switch("", "The last sync; empty for the last change")
    clever_launch_date: str = switch("", "Nobody signs in before this day (YYYY-MM-DD)")

    clever_page_cap: int = switch(0, "No page is longer than this, whatever was asked for")
    clever_next_with_more: bool = switch(False, "`next` carries parameters that nobody sent")
    clever_delete_at_list: int = switch(0, "At this many requests for whole lists from now, one record is deleted")
    clever_doubled_records: bool = switch(False, "The first record of a page stands there twice")
    clever_count: str = switch("paging", "`count=true` is answered in", choices=("paging", "count"))

    clever_no_value: str = switch("", "No value is told as", choices=NO_VALUES)
    clever_extra_keys: bool = switch(False, "Records carry keys that no document tells of")
    clever_shuffled_keys: bool = switch(False, "Keys stand in any order")

    clever_builds_names: bool = switch(False, "Clever names sections: course - teacher's family name - period")
    clever_teacher_null: bool = switch(False, "A section's `teacher` is null though `teachers` is filled")
    clever_unknown_student: bool = switch(False, "Each section lists one more student, whom nobody knows")

    clever_feed: bool = switch(True, "Changes are recorded as events")
    clever_feed_days: int = switch(30, "Events are kept so many days")
    clever_feed_keeps: int = switch(0, "Only so many of the newest events are kept")
    clever_feed_doubles: str = switch("", "Events are told twice, under", choices=("the same id", "two ids"))

    def rotate_clever_token(self) -> None:
        """Replace the district-app token; the old one is refused from now on."""
        self.retired_tokens.append(self.clever_token)
        self.clever_token = secrets.token_hex(20)

    def lets_people_in(self, today: date) -> bool:
        """Whether the district's people may sign in to the application."""
        return self.clever_connected and self.clever_launch_date <= today.isoformat()


def doors_of(number: int) -> CleverDoors:
    """The doors of the server's district of that number, always the same."""
    return CleverDoors(clever_token=hashlib.sha256(f"district {number}".encode()).digest()[:20].hex())


PRESSES = {"rotate_clever_token": CleverDoors.rotate_clever_token}
"""What can be pressed rather than set."""
