"""Which services there are stands in their folders, the table and the settings; everything else asks those."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

from webapp.providers.table import TABLE, services
from webapp.settings import Settings
from webapp.simulator.services import SERVICES

ROOT = Path(__file__).parents[1]
NAMES = re.compile("|".join(one.key for one in TABLE), re.IGNORECASE)
THEIR_PLACES = (
    *(f"webapp/providers/{one.key}/" for one in TABLE),
    "webapp/providers/table.py",
    "webapp/settings.py",
    # A simulated district has its ids at every service, whoever reads it: that is the simulator's own affair.
    "webapp/simulator/",
    "templates/simulator/",
)


def code_lines(path: Path) -> Iterator[tuple[int, str]]:
    """The tokens of a file but for comments and docstrings: those may name whom they like."""
    text = path.read_text()
    told = [
        range(node.lineno, (node.end_lineno or node.lineno) + 1)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    ]
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type != tokenize.COMMENT and not any(token.start[0] in lines for lines in told):
            yield token.start[0], token.string


def template_lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines of a template but for its comments."""
    text = re.sub(r"\{#.*?#\}", lambda found: "\n" * found.group().count("\n"), path.read_text(), flags=re.DOTALL)
    return enumerate(text.splitlines(), 1)


def named_in(lines: Iterator[tuple[int, str]], path: Path) -> list[str]:
    """The places in a file that name a service."""
    name = str(path.relative_to(ROOT))
    if name.startswith(THEIR_PLACES):
        return []
    return [f"{name}:{number}" for number, line in lines if NAMES.search(line)]


def test_no_code_outside_their_own_places_names_a_service() -> None:
    files = sorted((ROOT / "webapp").rglob("*.py"))
    assert not [place for path in files for place in named_in(code_lines(path), path)]


def test_no_template_names_a_service() -> None:
    files = sorted(path for path in (ROOT / "templates").rglob("*") if path.is_file())
    assert not [place for path in files for place in named_in(template_lines(path), path)]


def test_every_service_of_the_table_is_played_and_has_its_settings() -> None:
    keys = {one.key for one in TABLE}
    assert {one.key for one in SERVICES} == keys == set(services(Settings(_env_file=None)))
    assert all(any(name.startswith(f"{key}_") for name in Settings.model_fields) for key in keys)


def test_every_service_knows_its_words_before_it_is_made() -> None:
    made = services(Settings(_env_file=None))
    assert {one.key: one.label for one in TABLE} == {key: service.label for key, service in made.items()}
