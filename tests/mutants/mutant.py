"""What a mutant is, and what must be true of one before it is worth running."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Mutant:
    """One guard that is taken out, and the tests that must notice."""

    id: str
    """The row of safety.md whose tests must fail."""
    says: str
    """What goes wrong now, as a sentence."""
    file: str
    old: str
    new: str
    tests: tuple[str, ...]
    """The files that hold those tests; only tests that carry the id are run."""

    @property
    def mark(self) -> str:
        """How a test's name carries the id; with its end, so that REL-3 is not found in REL-30."""
        return self.id.replace("-", "_") + "_"

    def mutated(self, text: str) -> str:
        """The file's text without the guard."""
        return text.replace(self.old, self.new)

    def faults(self) -> list[str]:
        """Why this mutant cannot be run on the tree as it is now; empty where it can."""
        found = (ROOT / self.file).read_text().count(self.old) if (ROOT / self.file).is_file() else 0
        faults = [] if found == 1 else [f"{self.file} holds its text {found} times"]
        if self.old == self.new:
            faults.append("it changes nothing")
        return faults + [f"{name} has no test of {self.id}" for name in self.tests if not self._tested_in(name)]

    def _tested_in(self, name: str) -> bool:
        path = ROOT / name
        return path.is_file() and bool(re.search(rf"def test_\w*{self.mark}", path.read_text()))
