"""A copy of the tree in which one mutant at a time is made, tested and taken back."""

import importlib.util
import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tests.mutants.borrowed import VARIABLE
from tests.mutants.mutant import ROOT, Mutant
from tests.servers import Servers

LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", ".tools", ".*_cache", ".hypothesis", "__pycache__", "var", "*.egg-info"
)
PATIENCE = 240
"""Seconds; a mutant that hangs for longer is not killed: nobody would wait for such a test."""
PATIENCE_WITH_ALL = 1800
"""Seconds for all tests together, without any mutant."""
STUMBLES = ("SyntaxError", "NameError", "ImportError", "AttributeError", "ProgrammingError", "CompileError")
"""A mutant that cannot even run shows nothing about a guard."""


@dataclass(frozen=True)
class Outcome:
    """What pytest said of a run."""

    code: int
    failed: list[str]
    """The failed tests, each with the first words of why."""
    told: str


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant."""

    mutant: Mutant
    killed_by: str
    """The test that noticed; "" where none did."""
    why_not: str
    seconds: float


class Workshop:
    """One copy of the tree, with databases of its own on shared servers; use it by `with`."""

    def __init__(self, scratch: Path, name: str, servers: Servers) -> None:
        self._root = scratch / name
        self._out = scratch / f"{name}.txt"
        shutil.copytree(ROOT, self._root, ignore=LEFT_OUT)
        self._told = json.dumps({"servers": servers.told(), "workerid": name})
        command = [sys.executable, "-m", "tests.mutants.stem"]
        self._stem = subprocess.Popen(command, cwd=self._root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self._stem.communicate()

    def run(
        self, files: Collection[str], marks: Collection[str], *, own_servers: bool = False, patience: int = PATIENCE
    ) -> Outcome:
        """The tests of these files whose names carry one of these marks, up to the first that fails."""
        words = ["-q", "-x", "--tb=line", "-rf", "-n", "0", "-p", "tests.mutants.borrowed"]
        words += ["-p", "no:cacheprovider", "-p", "no:randomly", "-k", " or ".join(sorted(marks)), *sorted(files)]
        told = {} if own_servers else {VARIABLE: self._told}
        code = self._ask({"words": words, "told": told, "out": str(self._out), "patience": patience})
        said = self._out.read_text()
        return Outcome(code, re.findall(r"^FAILED (.+)$", said, re.M), said[-1500:])

    def _ask(self, order: dict[str, object]) -> int:
        stdin, stdout = self._stem.stdin, self._stem.stdout
        assert stdin and stdout
        print(json.dumps(order), file=stdin, flush=True)
        return int(stdout.readline())

    def try_out(self, mutant: Mutant) -> Verdict:
        """Whether a test that carries the mutant's id notices it."""
        began = time.monotonic()
        with self._made(mutant):
            # Tables are made once for all; who may see what is made with them.
            outcome = self.run(mutant.tests, [mutant.mark], own_servers="/migrations/" in mutant.file)
        seconds = time.monotonic() - began
        name, _, why = outcome.failed[0].partition(" - ") if outcome.failed else ("", "", "")
        if outcome.code == 1 and name and not any(word in why.split(":")[0] for word in STUMBLES):
            return Verdict(mutant, name.partition("::")[2], "", seconds)
        return Verdict(mutant, "", _why_not(outcome), seconds)

    @contextmanager
    def _made(self, mutant: Mutant) -> Iterator[None]:
        path = self._root / mutant.file
        whole = path.read_text()
        try:
            self._write(path, mutant.mutated(whole))
            yield
        finally:
            self._write(path, whole)

    def _write(self, path: Path, text: str) -> None:
        path.write_text(text)
        if path.suffix == ".py":  # its compiled form is trusted by second and size, and both may be the same
            Path(importlib.util.cache_from_source(str(path))).unlink(missing_ok=True)


def _why_not(outcome: Outcome) -> str:
    if outcome.code == 0:
        return "every test passed"
    if outcome.code == 5:
        return "no test was found"
    if outcome.code == -1:
        return f"no end after {PATIENCE} s"
    return outcome.failed[0] if outcome.failed else f"pytest ended with {outcome.code}: {outcome.told}"
