"""How one district opens itself to Clever's customers: its token, and its switches."""

import hashlib
import secrets
from dataclasses import dataclass

from webapp.simulator.switches import switch


@dataclass(kw_only=True)
class CleverDoors:
    """What a vendor's application needs to read this district at Clever, and what Clever makes of it."""

    clever_token: str
    clever_connected: bool = switch(True, "The district shares with the application")
    clever_rate_limit: int = switch(1200, "Requests a minute for each token")
    clever_page_cap: int = switch(0, "No page is longer than this, whatever was asked for")

    def rotate_clever_token(self) -> None:
        """Replace the district-app token; the old one is refused from now on."""
        self.clever_token = secrets.token_hex(20)


def doors_of(number: int) -> CleverDoors:
    """The doors of the server's district of that number, always the same."""
    return CleverDoors(clever_token=hashlib.sha256(f"district {number}".encode()).digest()[:20].hex())


PRESSES = {"rotate_clever_token": CleverDoors.rotate_clever_token}
"""What can be pressed rather than set."""
