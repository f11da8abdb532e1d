"""How one district opens itself to ClassLink's customers: its tenant, its roster application, and its switches."""

import hashlib
from base64 import b64encode
from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID, uuid4

from webapp.simulator.switches import switch


@dataclass(kw_only=True)
class ClassLinkDoors:
    """What a vendor's application needs to read this district at ClassLink, and what ClassLink makes of it."""

    tenant_id: int
    pairing_id: int
    oneroster_application_id: str
    """Percent-encoded already, like `MoYPlyQWmG0%3D`: whoever encodes it again gets nothing."""

    bearer: str
    classlink_enabled: bool = switch(True, "The district has enabled the application")
    classlink_page_cap: int = switch(0, "No page is longer than this, whatever was asked for")

    def rotate_bearer(self) -> None:
        """Replace the roster bearer; the old one is refused from now on."""
        self.bearer = str(uuid4())


def doors_of(number: int) -> ClassLinkDoors:
    """The doors of the server's district of that number, always the same."""
    digest = hashlib.sha256(f"district {number}".encode()).digest()
    return ClassLinkDoors(
        tenant_id=2000 + number,
        pairing_id=40_000 + number,
        oneroster_application_id=quote(b64encode(digest[20:28]).decode(), safe=""),
        bearer=str(UUID(bytes=digest[:16], version=4)),
    )


PRESSES = {"rotate_classlink_bearer": ClassLinkDoors.rotate_bearer}
"""What can be pressed rather than set."""
