"""How one district opens itself to ClassLink's customers: its tenant, its roster application, and its switches."""

import hashlib
from base64 import b64encode
from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID, uuid4

from webapp.simulator.oneroster.manners import Manners
from webapp.simulator.switches import switch


@dataclass(kw_only=True)
class ApplicationManners:
    """How the district stands in the vendor's list of applications; what concerns the list itself counts for all."""

    classlink_enabled: bool = switch(True, "The district has enabled the application")
    classlink_listed: bool = switch(True, "The tenant stands in /applications")
    classlink_more_tenants: int = switch(0, "This many other tenants stand before it in /applications")
    classlink_tenant_status: str = switch("Active", "Its tenant_status is")
    classlink_bearer_null: bool = switch(False, "It has no bearer of its own (null): the partner key reads")
    classlink_refuses: str = switch(
        "", "The roster server refuses the bearer, which stays as it is", choices=("401", "403")
    )
    classlink_applications_cap: int = switch(0, "No page of /applications is longer than this")
    classlink_applications_as_object: bool = switch(False, "`applications` is one object, as in the documentation")
    classlink_applications_ignore_offset: bool = switch(False, "/applications ignores limit and offset")


@dataclass(kw_only=True)
class SignInManners:
    """What LaunchPad and nodeapi say of the district's people."""

    classlink_without_sourced_ids: bool = switch(False, "No roster server: SourcedId is empty in my/info")
    classlink_id_token: str = switch(
        "",
        "The id_token is wrong: it has",
        choices=(
            "another audience",
            "another issuer",
            "expired",
            "another key",
            "another nonce",
            "no nonce",
            "somebody else's sub",
            "alg none",
            "been left out",
        ),
    )
    classlink_org_id: str = switch("", "OrgId in my/info is not a list but", choices=("one text", "an empty text"))
    classlink_role: str = switch("", "Role in my/info is", choices=("missing", "a list", "a comma list"))
    classlink_ids_as_text: bool = switch(False, "UserId and TenantId in my/info are texts")
    classlink_refusal_with_state: bool = switch(False, "A refused sign-in brings the state back")


@dataclass(kw_only=True)
class ClassLinkDoors(ApplicationManners, SignInManners, Manners):
    """What a vendor's application needs to read this district at ClassLink, and what ClassLink makes of it."""

    tenant_id: int
    pairing_id: int
    oneroster_application_id: str
    """Percent-encoded already, like `MoYPlyQWmG0%3D`: whoever encodes it again gets nothing."""

    bearer: str

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
