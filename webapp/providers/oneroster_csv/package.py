"""The files of a package: a folder, or a zip that is read where it lies and never unpacked."""

import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from webapp.providers.oneroster_csv.faults import Fault, PackageRefused

MOST_ENTRIES = 30
MOST_BYTES = 500 * 1024 * 1024
MOST_OF_A_FILE = 50 * 1024 * 1024
MOST_RATIO = 100
"""A zip that unpacks to more than so many times its size is made to harm."""

ENCRYPTED = 0x1
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError)
"""What reading a broken zip, or a file that nobody may open, raises."""


@dataclass(frozen=True)
class Package:
    """The files of a package by name, each opened when it is read."""

    sizes: dict[str, int]
    _open: Callable[[str], IO[bytes]]

    def __contains__(self, name: str) -> bool:
        return name in self.sizes

    @contextmanager
    def opened(self, name: str) -> Iterator[IO[bytes]]:
        """The bytes of one file, unpacked as they are read. Raises PackageRefused where they cannot be."""
        if self.sizes[name] > MOST_OF_A_FILE:
            raise PackageRefused([Fault(name, f"This file is larger than {MOST_OF_A_FILE >> 20} MB.")])
        try:
            with self._open(name) as file:
                yield file
        except DAMAGED:
            raise PackageRefused([Fault(name, "This file cannot be read: it may be damaged.")]) from None


def package_at(path: Path) -> Package:
    """The package in this folder or zip. Raises PackageRefused where the path is neither, or the zip is not safe."""
    if path.is_dir():
        return Package({one.name: one.stat().st_size for one in path.iterdir() if one.is_file()}, _from_folder(path))
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [one for one in archive.infolist() if not one.filename.endswith("/")]
    except DAMAGED:
        raise _refused("This is neither a folder nor a zip that can be opened.") from None
    _refuse_unsafe(entries)
    entries = [one for one in entries if not _left_by_a_system(one)]
    top = _top_folder(entries)
    found = {name: one for one in entries if (name := one.filename.removeprefix(top)) and "/" not in name}
    return Package({name: one.file_size for name, one in found.items()}, _from_zip(path, found))


def _from_folder(path: Path) -> Callable[[str], IO[bytes]]:
    return lambda name: (path / name).open("rb")


def _from_zip(path: Path, entries: dict[str, zipfile.ZipInfo]) -> Callable[[str], IO[bytes]]:
    def open_(name: str) -> IO[bytes]:
        with zipfile.ZipFile(path) as archive:  # the entry keeps the file open for itself
            return archive.open(entries[name])

    return open_


def _refuse_unsafe(entries: list[zipfile.ZipInfo]) -> None:
    """The sizes that a zip tells are bounds: whatever it holds, no more than that is unpacked of an entry."""
    unpacked, packed = sum(one.file_size for one in entries), sum(one.compress_size for one in entries)
    if len(entries) > MOST_ENTRIES:
        raise _refused(f"The zip holds {len(entries)} files; a package has at most {MOST_ENTRIES}.")
    if unpacked > MOST_BYTES:
        raise _refused(f"The zip unpacks to more than {MOST_BYTES >> 20} MB.")
    if unpacked > MOST_RATIO * packed:
        raise _refused(f"The zip unpacks to more than {MOST_RATIO} times its size, as no real export does.")
    if any(one.flag_bits & ENCRYPTED for one in entries):
        raise _refused("The zip is locked with a password.")
    if max(Counter(one.filename for one in entries).values(), default=0) > 1:
        raise _refused("The zip holds two files of the same name.")


def _left_by_a_system(entry: zipfile.ZipInfo) -> bool:
    """True for what operating systems put into zips by themselves."""
    return entry.filename.startswith("__MACOSX/") or entry.filename.rpartition("/")[2].startswith(".")


def _top_folder(entries: list[zipfile.ZipInfo]) -> str:
    """The one folder, with its slash, in which all files lie; "" where they lie at the top, as they should."""
    tops = {one.filename.partition("/")[0] + "/" if "/" in one.filename else "" for one in entries}
    return tops.pop() if len(tops) == 1 else ""


def _refused(sentence: str) -> PackageRefused:
    return PackageRefused([Fault("", sentence)])
