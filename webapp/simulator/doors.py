"""How one district opens itself to the two services' customers: credentials and switches."""

import hashlib
import secrets
from base64 import b64encode
from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID, uuid4


@dataclass(kw_only=True)
class Doors:
    """What a vendor's application needs to read this district, and what the district allows it."""

    clever_token: str
    tenant_id: int
    pairing_id: int
    oneroster_application_id: str
    """Percent-encoded already, like `MoYPlyQWmG0%3D`: whoever encodes it again gets nothing."""

    bearer: str
    clever_connected: bool = True
    clever_rate_limit: int = 1200
    classlink_enabled: bool = True
    page_cap: int | None = None

    def rotate_clever_token(self) -> None:
        """Replace the district-app token; the old one is refused from now on."""
        self.clever_token = secrets.token_hex(20)

    def rotate_bearer(self) -> None:
        """Replace the roster bearer; the old one is refused from now on."""
        self.bearer = str(uuid4())


def doors_of(number: int) -> Doors:
    """The doors of the server's district of that number, always the same."""
    digest = hashlib.sha256(f"district {number}".encode()).digest()
    return Doors(
        clever_token=digest[:20].hex(),
        tenant_id=2000 + number,
        pairing_id=40_000 + number,
        oneroster_application_id=quote(b64encode(digest[20:28]).decode(), safe=""),
        bearer=str(UUID(bytes=digest[:16], version=4)),
    )
