"""Where `next` may lead."""

import pytest

from webapp.views.own_paths import landing, own_path

ELSEWHERE = [
    "",
    "classes",
    "https://evil.example",
    "http://evil.example/classes",
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r/evil.example",
    "/\x00/evil.example",
    "\t//evil.example",
    " //evil.example",
    " /classes",
    "\x01//evil.example",
    "/classes\r\nLocation: https://evil.example",
    "/classes\nSet-Cookie: a=b",
    "/classes\x7f",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "mailto:a@b.example",
    "ftp://evil.example",
    "file:///etc/passwd",
    "http:evil.example",
    "https:evil.example",
    "https:/evil.example",
    "https:\\\\evil.example",
    "evil.example",
    "evil.example/classes",
    "@evil.example",
    "user@evil.example",
    "?next=/classes",
    "#/classes",
    ".",
    "..",
    "./classes",
    "../classes",
    "%2f%2fevil.example",
    "%5c%5cevil.example",
    "//evil.example%2f..",
    "//user:pass@evil.example/",
    "//[::1]/",
    "/\\/evil.example",
    "/classes\\..\\evil",
    "//\\evil.example",
    "///\\evil.example",
    "\u2028//evil.example",
    "\u3000//evil.example",
    "http://localhost:8000@evil.example",
    "http://localhost:8000.evil.example",
    "http://localhost:8000/classes",
    "\x0b/classes",
    "\x0c//evil.example",
    "\ufeff//evil.example",
    "://evil.example",
]


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_SEC_15_nothing_that_could_lead_elsewhere_is_followed(wanted: str) -> None:
    assert own_path(wanted) is None


def test_SEC_15_the_corpus_holds_sixty_strings() -> None:
    assert len(set(ELSEWHERE)) == 60


@pytest.mark.parametrize(
    ("wanted", "path"),
    [
        ("/classes", "/classes"),
        ("/classes/add?term=1&year=2", "/classes/add?term=1&year=2"),
        ("/classes#roster", "/classes"),
        ("/classes/é", "/classes/%C3%A9"),
        ("/a/https://evil.example", "/a/https://evil.example"),
        ("/%2f/x", "/%2f/x"),
        ('/x"><script>', "/x%22%3E%3Cscript%3E"),
    ],
)
def test_SEC_15_own_paths_are_rebuilt(wanted: str, path: str) -> None:
    assert own_path(wanted) == path


@pytest.mark.parametrize(
    ("roles", "path"),
    [
        ({"operator"}, "/operator"),
        ({"license_admin"}, "/license"),
        ({"license_admin", "teacher"}, "/classes"),
        ({"license_admin", "district_admin"}, "/district"),
        ({"district_admin"}, "/district"),
        ({"district_admin", "teacher"}, "/classes"),
        ({"teacher"}, "/classes"),
        ({"student"}, "/classes"),
        (set(), "/classes"),
    ],
)
def test_everybody_lands_on_their_own_first_page(roles: set[str], path: str) -> None:
    assert landing(frozenset(roles)) == path
