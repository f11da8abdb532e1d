"""What is wrong with a OneRoster CSV package is told with file, line, column and a plain sentence."""

import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from random import Random

import pytest

from tests.providers.paper_packages import (
    FILES,
    ROLES,
    Files,
    changed,
    in_folder,
    in_zip,
    read,
    refused,
    with_roles,
    without,
)
from webapp.providers.oneroster_csv import faults as telling
from webapp.providers.oneroster_csv import lines
from webapp.providers.oneroster_csv import package as limits
from webapp.providers.oneroster_csv.faults import PackageRefused

NAMES = re.compile("Noor|Achterberg|Zoë|O’Brien|zoe@|noor@")

SPOILED: dict[str, tuple[Mapping[str, str | bytes], tuple[str, int | None, str], str]] = {
    "no users": (without("users.csv"), ("users.csv", None, ""), "is missing"),
    "no users and no manifest": (without("users.csv", "manifest.csv"), ("users.csv", None, ""), "is missing"),
    "no courses though promised": (without("courses.csv"), ("courses.csv", None, ""), "promises"),
    "courses though absent": (
        changed("manifest.csv", "courses,bulk", "courses,absent"),
        ("courses.csv", None, ""),
        "says that this file is absent",
    ),
    "only changes": (
        changed("manifest.csv", "users,bulk", "users,delta"),
        ("users.csv", None, ""),
        "only changes",
    ),
    "another word in the manifest": (
        changed("manifest.csv", "users,bulk", "users,full"),
        ("manifest.csv", None, "file.users"),
        "neither absent, bulk nor delta",
    ),
    "another version of the manifest": (
        changed("manifest.csv", "manifest.version,1.0", "manifest.version,2.0"),
        ("manifest.csv", None, "manifest.version"),
        "version",
    ),
    "another version of OneRoster": (
        changed("manifest.csv", "oneroster.version,1.1", "oneroster.version,1.0"),
        ("manifest.csv", None, "oneroster.version"),
        "1.1 and 1.2",
    ),
    "1.2 without roles": (
        {name: text for name, text in with_roles().items() if name != "roles.csv"},
        ("roles.csv", None, ""),
        "is missing",
    ),
    "1.2 with roles that were cut": (
        with_roles() | {"roles.csv": ROLES.partition("r3")[0]},
        ("users.csv", 3, "sourcedId"),
        "No row of roles.csv",
    ),
    "rows to be deleted where nobody says that all is there": (
        without("manifest.csv") | {"users.csv": FILES["users.csv"].replace("grd,,,", "grd,tobedeleted,2026-09-01,")},
        ("users.csv", 4, ""),
        "only exports of changes",
    ),
    "an empty file": (FILES | {"orgs.csv": ""}, ("orgs.csv", 1, "sourcedId"), "sourcedId is missing"),
    "no header": (
        FILES | {"users.csv": FILES["users.csv"].partition("\n")[2]},
        ("users.csv", 1, "sourcedId"),
        "sourcedId is missing",
    ),
    "a column missing": (
        changed("classes.csv", "schoolSourcedId", "school"),
        ("classes.csv", 1, "schoolSourcedId"),
        "The column schoolSourcedId is missing.",
    ),
    "a column with an invisible letter": (
        changed("users.csv", "role", "ro\u200ble"),
        ("users.csv", 1, "role"),
        "there is ro<U+200B>le instead",
    ),
    "a column spelled otherwise": (
        changed("users.csv", "sourcedId,", "SourcedID,"),
        ("users.csv", 1, "sourcedId"),
        "there is SourcedID instead",
    ),
    "a column twice": (changed("users.csv", "sms", "email"), ("users.csv", 1, "email"), "email is there twice"),
    "a NUL": (changed("users.csv", "Noor", "No\0or"), ("users.csv", 2, ""), "NUL"),
    "Windows-1252": (
        FILES | {"users.csv": FILES["users.csv"].replace("’", "'").encode("cp1252")},
        ("users.csv", 3, ""),
        "UTF-8",
    ),
    "a quote that does not end": (changed("users.csv", "Noor", '"Noor'), ("users.csv", 2, ""), "quotes"),
    "a quote in the middle": (changed("users.csv", "Noor", '"No"or'), ("users.csv", 2, ""), "quotes"),
    "a cell that is far too long": (
        changed("users.csv", "Noor", f'"{" ".join(map(str, range(40_000)))}"'),
        ("users.csv", 2, ""),
        "far too long",
    ),
    "a long cell that we read": (changed("users.csv", "Noor", "N" * 1_001), ("users.csv", 2, "givenName"), "1,000"),
    "an id missing": (changed("users.csv", "stu 1,,", ",,"), ("users.csv", 3, "sourcedId"), "sourcedId is empty"),
    "a role missing": (changed("users.csv", "student", ""), ("users.csv", 3, "role"), "role is empty"),
    "an enrollment of nobody": (
        changed("enrollments.csv", "s1,t|1", "s1,"),
        ("enrollments.csv", 2, "userSourcedId"),
        "userSourcedId is empty",
    ),
    "a comma too many": (
        changed("orgs.csv", "Harbor High School", "Harbor, High School"),
        ("orgs.csv", 3, ""),
        "comma",
    ),
}


@pytest.mark.parametrize("spoiled", SPOILED)
def test_REL_42_a_spoiled_package_is_refused_in_a_plain_sentence(tmp_path: Path, spoiled: str) -> None:
    files, place, words = SPOILED[spoiled]
    for path in (in_folder(files, tmp_path / "folder"), in_zip(files, tmp_path / "package.zip")):
        fault = refused(path)[0]
        assert (fault.file, fault.line, fault.field) == place
        assert words in fault.sentence and fault.sentence.endswith(".")
        assert not NAMES.search(str(fault))


def test_all_faults_are_told_at_once_each_with_its_line(tmp_path: Path) -> None:
    files = changed("users.csv", "true,s1,student", "true,s1,", changed("enrollments.csv", ",student,", ",,"))
    found = refused(in_folder(files, tmp_path))
    assert [(one.file, one.line, one.field) for one in found] == [
        ("enrollments.csv", 3, "role"),
        ("users.csv", 3, "role"),
    ]


def test_all_missing_columns_and_files_are_told_at_once(tmp_path: Path) -> None:
    files = changed("users.csv", "givenName,familyName", "first,last", changed("orgs.csv", "name", "title"))
    assert {one.field for one in refused(in_folder(files, tmp_path / "a"))} == {"givenName", "familyName", "name"}
    assert len(refused(in_folder(without("users.csv", "orgs.csv"), tmp_path / "b"))) == 2


def test_nobody_reads_on_after_a_hundred_faults(tmp_path: Path) -> None:
    rows = ",,,,,,,,x\n" * 1_000
    found = refused(in_folder(FILES | {"users.csv": FILES["users.csv"] + rows}, tmp_path))
    assert len(found) == telling.MOST_TOLD


def test_what_is_neither_a_folder_nor_a_zip_is_refused(tmp_path: Path) -> None:
    (tmp_path / "users.csv").write_text(FILES["users.csv"])
    for path in (tmp_path / "users.csv", tmp_path / "nowhere.zip"):
        assert "neither a folder nor a zip" in str(refused(path)[0])


ZIPS: dict[str, tuple[Files, str]] = {
    "31 files": (FILES | {f"more-{number}.csv": "x" for number in range(24)}, "31 files"),
    "100 times its size": (FILES | {"demographics.csv": "a" * 3_000_000}, "100 times"),
    "two folders": ({f"{place}/{name}": text for place in "ab" for name, text in FILES.items()}, "is missing"),
}


@pytest.mark.parametrize("which", ZIPS)
def test_REL_42_a_zip_that_is_no_package_is_refused(tmp_path: Path, which: str) -> None:
    files, words = ZIPS[which]
    assert words in refused(in_zip(files, tmp_path / "package.zip"))[0].sentence


def test_REL_42_a_zip_that_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = in_zip(FILES, tmp_path / "package.zip")
    monkeypatch.setattr(limits, "MOST_BYTES", 1024)
    assert "unpacks to more" in refused(path)[0].sentence
    monkeypatch.setattr(limits, "MOST_BYTES", 1024**3)
    monkeypatch.setattr(limits, "MOST_OF_A_FILE", 400)
    assert [(one.file, "larger" in one.sentence) for one in refused(path)] == [("users.csv", True)]


def test_REL_42_a_file_of_too_many_rows_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MOST_ROWS", 12)
    files = FILES | {"users.csv": FILES["users.csv"] + "p,,,true,s1,student,,,A,B\n" * 9}
    assert "12 rows" in refused(in_folder(files, tmp_path))[0].sentence


def test_a_damaged_zip_is_refused(tmp_path: Path) -> None:
    path = in_zip(FILES, tmp_path / "package.zip")
    whole = path.read_bytes()
    for place in range(60, len(whole) - 60, 97):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        try:
            read(path)
        except PackageRefused:
            continue
    path.write_bytes(whole[: len(whole) // 2])
    assert refused(path)


def test_a_locked_zip_is_refused(tmp_path: Path) -> None:
    path = in_zip(FILES, tmp_path / "package.zip")
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        start = archive.start_dir
    content[start + 8] |= 0x1
    path.write_bytes(content)
    assert "password" in refused(path)[0].sentence


@pytest.mark.parametrize("seed", range(8))
def test_REL_42_whatever_happens_to_a_package_it_is_read_or_refused(tmp_path: Path, seed: int) -> None:
    random = Random(seed)
    pieces = [b'"', b",", b"\n", b"\r", b"\0", b"\xff", b"'=", b"", "\u200b".encode(), b"tobedeleted", b"bulk", b"\x1a"]
    told = 0
    for _ in range(60):
        files = {name: text.encode() for name, text in FILES.items()}
        name = random.choice(list(files))
        text = files[name]
        start = random.randrange(len(text))
        files[name] = (
            text[:start] + random.choice(pieces) * random.randrange(1, 4) + text[start + random.randrange(9) :]
        )
        try:
            assert read(in_folder(files, tmp_path))
        except PackageRefused as refusal:
            told += 1
            assert not NAMES.search(str(refusal))
    assert 0 < told < 60
