"""Addresses inside answers."""

import pytest

from webapp.providers.errors import IncompleteAnswer
from webapp.providers.links import joined

BARE, PREFIXED = "https://api.example", "http://127.0.0.1:9/clever-api"


@pytest.mark.parametrize(
    ("base", "link", "url"),
    [
        (BARE, "/v3.1/users?limit=2&starting_after=a", "https://api.example/v3.1/users?limit=2&starting_after=a"),
        (BARE, "https://api.example/v3.1/users", "https://api.example/v3.1/users"),
        (PREFIXED, "/v3.1/users?limit=2", "http://127.0.0.1:9/clever-api/v3.1/users?limit=2"),
        (PREFIXED, "/clever-api/v3.1/users", "http://127.0.0.1:9/clever-api/v3.1/users"),
        (PREFIXED, "http://127.0.0.1:9/clever-api/v3.1/users", "http://127.0.0.1:9/clever-api/v3.1/users"),
        (PREFIXED, "http://127.0.0.1:9/v3.1/users", "http://127.0.0.1:9/clever-api/v3.1/users"),
    ],
)
def test_a_link_is_joined_to_the_base(base: str, link: str, url: str) -> None:
    assert joined(base, link) == url


@pytest.mark.parametrize(
    "link",
    [
        "https://elsewhere.example/v3.1/users",
        "//elsewhere.example/v3.1/users",
        "http://api.example/v3.1/users",
        "https://api.example@elsewhere.example/users",
        "https://api.example:444/users",
        "file:///etc/passwd",
        "http://[broken",
        "/v3.1/usérs",
    ],
)
def test_REL_27_a_link_to_anywhere_else_is_refused(link: str) -> None:
    with pytest.raises(IncompleteAnswer):
        joined(BARE, link)
