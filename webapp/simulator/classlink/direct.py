"""Calls to a district's own server without the proxy's bearer: each is signed with OAuth 1.0a."""

import hashlib
import hmac
from base64 import b64encode
from urllib.parse import parse_qsl, quote, unquote

from werkzeug.wrappers import Request

from webapp.simulator.world import District

METHODS = {"HMAC-SHA256": hashlib.sha256, "HMAC-SHA1": hashlib.sha1}
"""The first is what 1.1 asks for and ClassLink's own library does; scripts sign with the second and succeed."""


def credentials(district: District) -> dict[str, str]:
    """The consumer key and secret of one district's server."""
    return {"client_id": f"roster-client-{district.number}", "client_secret": f"roster-secret-{district.number}"}


def is_signed(request: Request, district: District, url: str) -> bool:
    """Whether the request to that server is signed with the district's credentials."""
    kind, _, sent = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "oauth":
        return False
    pairs = (part.strip().partition("=") for part in sent.split(","))
    values = {unquote(name): unquote(value.strip('"')) for name, _, value in pairs}
    signature, known = values.pop("oauth_signature", ""), credentials(district)
    digest = METHODS.get(values.get("oauth_signature_method", ""))
    if digest is None or values.get("oauth_consumer_key") != known["client_id"]:
        return False
    base = base_string(request, url, [item for item in values.items() if item[0] != "realm"])
    wanted = hmac.new(f"{known['client_secret']}&".encode(), base.encode(), digest).digest()
    return hmac.compare_digest(b64encode(wanted), signature.encode())


def base_string(request: Request, url: str, values: list[tuple[str, str]]) -> str:
    """What is signed: the method, the address, and all parameters, those of the query too, encoded once and again."""
    query = parse_qsl(str(request.environ["QUERY_STRING"]), keep_blank_values=True)
    pairs = sorted((encoded(name), encoded(value)) for name, value in [*values, *query])
    address = url + str(request.environ["RAW_PATH"])
    return "&".join((request.method, encoded(address), encoded("&".join(f"{name}={value}" for name, value in pairs))))


def encoded(text: str) -> str:
    """Percent-encoding as OAuth 1.0a has it."""
    return quote(text, safe="-._~")
