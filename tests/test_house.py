"""The shape of the house: sizes, names, first lines, and what may stand in a template."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from webapp.settings import Settings

ROOT = Path(__file__).parents[1]
CODE = sorted((ROOT / "webapp").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
TEXTS = [
    *CODE,
    *TESTS,
    *TEMPLATES,
    *sorted((ROOT / "static").rglob("*.js")),
    *sorted((ROOT / "static").rglob("*.css")),
    *sorted((ROOT / "docs").rglob("*.md")),
    *(path for path in sorted(ROOT.iterdir()) if path.is_file() and path.suffix in {".md", ".py", ".toml", ".txt"}),
    ROOT / "Makefile",
    ROOT / ".ci" / "run",
    ROOT / ".ci" / "install",
]

MAX_FILE_LINES = 300
MAX_FUNCTION_LINES = 30
NAMES_THAT_SAY_NOTHING = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc"}

NEVER_IN_TEMPLATES = {
    "unescaped text": re.compile(r"\|\s*safe\b|autoescape\s+false|\bMarkup\b"),
    "script in an attribute (SEC-40)": re.compile(r"\bhx-on\b|\bhx-vals\s*=\s*[\"']js:|[\s\"']on[a-z]+\s*=\s*[\"']"),
    "javascript: address": re.compile(r"javascript:", re.IGNORECASE),
    "inline style (SEC-23)": re.compile(r"\sstyle\s*=|<style\b", re.IGNORECASE),
    "inline script (SEC-23)": re.compile(r"<script(?![^>]*\ssrc\s*=)", re.IGNORECASE),
    "something from another host (PRIV-4)": re.compile(
        r"<(?:script|link|img|iframe)\b[^>]*(?:src|href)\s*=\s*[\"'](?:https?:)?//", re.IGNORECASE
    ),
}
ADDRESS = re.compile(r"[\w.+-]+@((?:[\w-]+\.)+[a-z]{2,})\b", re.IGNORECASE)
INVENTED = (".example", ".test", ".invalid", "example.com", "example.org")


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _modules(paths: list[Path]) -> Iterator[tuple[Path, ast.Module]]:
    for path in paths:
        yield path, ast.parse(path.read_text())


def _functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module


def test_no_file_is_longer_than_three_hundred_lines() -> None:
    long = {_name(path): lines for path in [*CODE, *TESTS] if (lines := path.read_text().count("\n")) > MAX_FILE_LINES}
    assert not long


def test_no_function_is_longer_than_thirty_lines() -> None:
    long = [
        f"{_name(path)}:{node.lineno} {node.name}"
        for path, tree in _modules(CODE)
        for node in _functions(tree)
        if (node.end_lineno or 0) - node.lineno + 1 > MAX_FUNCTION_LINES
    ]
    assert not long


def test_every_file_is_named_for_what_it_holds() -> None:
    assert not [_name(path) for path in [*CODE, *TESTS] if path.stem.strip("_") in NAMES_THAT_SAY_NOTHING]


def test_every_file_says_in_its_first_line_what_it_is() -> None:
    assert not [_name(path) for path, tree in _modules(CODE) if not ast.get_docstring(tree)]


def test_every_room_opens_with_what_lives_there_and_what_may_not() -> None:
    rooms = sorted((ROOT / "webapp").glob("*/__init__.py"))
    assert rooms
    for room in rooms:
        words = ast.get_docstring(ast.parse(room.read_text())) or ""
        assert 3 <= words.count("\n") + 1 <= 6, f"{_name(room)} opens with three to six lines"


def test_every_public_function_says_what_is_true_after_the_call() -> None:
    silent = [
        f"{_name(path)}:{node.lineno} {node.name}"
        for path, tree in _modules(CODE)
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and not ast.get_docstring(node)
    ]
    assert not silent


def test_the_roster_room_imports_the_standard_library_alone() -> None:
    for path, tree in _modules(sorted((ROOT / "webapp" / "roster").rglob("*.py"))):
        strangers = {name for name in _imported(tree) if name.split(".")[0] not in sys.stdlib_module_names}
        assert not {name for name in strangers if not name.startswith("webapp.roster")}, _name(path)


def test_the_simulator_imports_nothing_of_ours() -> None:
    for path, tree in _modules(sorted((ROOT / "webapp" / "simulator").rglob("*.py"))):
        ours = {name for name in _imported(tree) if name.split(".")[0] == "webapp"}
        assert not {name for name in ours if not name.startswith("webapp.simulator")}, _name(path)


def test_every_setting_is_documented() -> None:
    told = "".join(path.read_text() for path in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
    assert not [name for name in Settings.model_fields if f"ROLLBOOK_{name.upper()}" not in told]


def test_SEC_33_requirements_are_pinned_by_hash_and_name_no_registry() -> None:
    for path in (ROOT / "requirements.txt", ROOT / "requirements-dev.txt"):
        text = path.read_text()
        assert "://" not in text
        assert text.count("--hash=sha256:") >= len(re.findall(r"^[a-z0-9][\w.-]*==", text, re.MULTILINE)) > 0


def test_what_the_product_needs_has_one_version_in_both_requirement_files() -> None:
    pins = [
        set(re.findall(r"^([\w.-]+==\S+)", (ROOT / name).read_text(), re.MULTILINE))
        for name in ("requirements.txt", "requirements-dev.txt")
    ]
    assert pins[0] <= pins[1]


def test_no_text_names_a_folder_of_somebodys_machine() -> None:
    # Written in two parts, so that this file passes its own test.
    machine = re.compile("/" + r"(?:work|home|root|Users)/\w")
    assert not [_name(path) for path in TEXTS if machine.search(path.read_text())]


def test_PRIV_16_every_address_is_invented() -> None:
    real = [
        f"{_name(path)}: {found.group()}"
        for path in TEXTS
        for found in ADDRESS.finditer(path.read_text())
        if not found.group(1).lower().endswith(INVENTED)
    ]
    assert not real


def test_SEC_22_nothing_in_the_code_marks_text_as_safe_html() -> None:
    safe = re.compile(r"\bMarkup\(|autoescape\s*=\s*False|render_template_string")
    assert not [_name(path) for path in CODE if safe.search(path.read_text())]


@pytest.mark.parametrize("rule", NEVER_IN_TEMPLATES)
def test_no_template_holds(rule: str) -> None:
    pattern = NEVER_IN_TEMPLATES[rule]
    found = [
        f"{_name(path)}:{number}"
        for path in TEMPLATES
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if pattern.search(line)
    ]
    assert not found
