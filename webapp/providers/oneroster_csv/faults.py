"""What is wrong with a package: where, and in a plain sentence for whoever made it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

from webapp.providers.errors import ProviderError

MOST_TOLD = 100
"""With so many faults a file is another file than it says; nobody reads on."""


@dataclass(frozen=True)
class Fault:
    """One fault. The sentence holds no cell's content: that may be somebody's name."""

    file: str
    sentence: str
    line: int | None = None
    """Counted from 1, the header; a row that spans lines has its first. None where the file as a whole is meant."""
    field: str = ""

    def __str__(self) -> str:
        place = f"{self.file}, line {self.line}: " if self.line else f"{self.file}: " if self.file else ""
        return place + self.sentence


class PackageRefused(ProviderError):
    """The package cannot be read as a whole roster. The message is its first fault."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        super().__init__(f"{faults[0]}{more}")
        self.faults = tuple(faults)


class Faults:
    """The faults found so far: all of them are told at once, so that a file is mended once."""

    def __init__(self) -> None:
        self._found: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Take note, and go on. Raises PackageRefused where that makes no sense any more."""
        self._found.append(fault)
        if len(self._found) >= MOST_TOLD:
            self.settle()

    def refuse(self, fault: Fault) -> NoReturn:
        """Raise PackageRefused: nothing can be read beyond this fault."""
        raise PackageRefused([*self._found, fault])

    def settle(self) -> None:
        """Raise PackageRefused where there were faults: what was read is not the whole roster then."""
        if self._found:
            raise PackageRefused(self._found)
