"""OneRoster CSV packages are read in whatever way they are written, as long as they say everything."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest

from tests.providers.paper_packages import FILES, Files, changed, in_folder, in_zip, read, with_roles, without
from webapp.providers.oneroster_csv import columns
from webapp.providers.oneroster_csv.faults import Faults
from webapp.providers.oneroster_csv.package import package_at
from webapp.providers.oneroster_csv.reader import Tables
from webapp.roster.records import Course, Enrollment, Person, Role, School, Section, Term

TEACHER = Person(
    "t|1", (Role.TEACHER,), "Noor", "Achterberg", "noor@harbor.example", "", ("s1",), sis_id="31", student_number="31"
)
STUDENT = Person("stu 1", (Role.STUDENT,), "Zoë", "O’Brien", "", "09", ("s1",), sis_id="77001", student_number="1001")
ROSTER = [
    School("s1", "Harbor High School", "120000700001"),
    Course("bio", "Biology", "B1"),
    Section(
        "c1", "Biology, advanced", "s1", "bio", ("fall", "y"), "2, 3", subject="science", number="B1-01", grades=("09",)
    ),
    Term("y", "2026-2027", date(2026, 8, 1), date(2027, 7, 1)),
    Term("fall", "Fall", date(2026, 8, 15), date(2026, 12, 20)),
    Enrollment("c1", "t|1", Role.TEACHER, primary=True),
    Enrollment("c1", "stu 1", Role.STUDENT),
    TEACHER,
    STUDENT,
]


def mapped(change: Callable[[str], str]) -> Files:
    return {name: change(text) for name, text in FILES.items()}


def every_line(change: Callable[[str], str]) -> Files:
    return mapped(lambda text: "".join(change(line) + "\n" for line in text.splitlines()))


def turned(text: str) -> str:
    """The enrollments with their columns in another order."""
    return "".join(",".join(reversed(line.split(","))) + "\n" for line in text.splitlines())


WRITTEN: Mapping[str, Mapping[str, str | bytes]] = {
    "as the standard says": FILES,
    "with a byte-order mark": mapped(lambda text: "\ufeff" + text),
    "with CRLF": mapped(lambda text: text.replace("\n", "\r\n")),
    "with lone CR": mapped(lambda text: text.replace("\n", "\r")),
    "with a newline of each kind": changed("users.csv", "secret\nstu", "secret\r\nstu"),
    "without a last newline": mapped(str.rstrip),
    "with blank lines": every_line(lambda line: line + "\n\n"),
    "with trailing empty columns": every_line(lambda line: line + ",,"),
    "with empty cells left out at the end": mapped(lambda text: text.replace(",,,,\n", "\n").replace(",\n", "\n")),
    "with quotes round everything": changed("orgs.csv", "s1,,,Harbor High School", '"s1","","","Harbor High School"'),
    "with spaces round headers": changed("orgs.csv", "sourcedId,status", " sourcedId , status "),
    "with columns of its own in the middle": FILES
    | {"orgs.csv": "sourcedId,metadata.x,name,ext_y,type,identifier\ns1,x,Harbor High School,y,school,120000700001\n"},
    "with the columns in another order": FILES | {"enrollments.csv": turned(FILES["enrollments.csv"])},
    "with misspelt columns that we do not read": changed("users.csv", "dateLastModified", "dataLastModified"),
    "with manifest version 1": changed("manifest.csv", "manifest.version,1.0", "manifest.version,1"),
    "with a manifest in quotes": changed("manifest.csv", "file.users,bulk", '"file.users","bulk"'),
    "with a manifest that names no files": FILES | {"manifest.csv": "propertyName,value\nsource.systemName,SIS\n"},
    "without a manifest": without("manifest.csv"),
    "with dates and states in a full export": changed("orgs.csv", "s1,,,", "s1,active,2026-09-01,"),
    "with columns that mean something else over REST": changed(
        "classes.csv",
        "c1,,,",
        "x,x,c1,,,",
        changed("classes.csv", "sourcedId,status", "terms,course,sourcedId,status"),
    ),
    "with files that we do not read": FILES | {"demographics.csv": b"\xff\x00", "notes.txt": b"\xff"},
}


@pytest.mark.parametrize("how", WRITTEN)
def test_a_package_is_read_the_same(tmp_path: Path, how: str) -> None:
    assert read(in_folder(WRITTEN[how], tmp_path / "package")) == ROSTER
    assert read(in_zip(WRITTEN[how], tmp_path / "package.zip")) == ROSTER


def test_the_files_may_lie_in_one_folder_of_the_zip(tmp_path: Path) -> None:
    files = {f"export 2026/{name}": text for name, text in FILES.items()}
    files |= {"__MACOSX/._users.csv": "x", "export 2026/.DS_Store": "x"}
    assert read(in_zip(files, tmp_path / "package.zip")) == ROSTER


def test_roles_of_version_1_2_are_joined_to_their_users(tmp_path: Path) -> None:
    *rest, teacher, student = read(in_folder(with_roles(), tmp_path))
    assert rest == ROSTER[:-2] and student == STUDENT
    assert isinstance(teacher, Person)
    assert teacher.roles == (Role.TEACHER, Role.DISTRICT_ADMIN)
    assert teacher.school_source_ids == ("s1",)


def test_courses_and_terms_may_be_absent(tmp_path: Path) -> None:
    files = changed("manifest.csv", "academicSessions,bulk", "academicSessions,absent")
    files["manifest.csv"] = files["manifest.csv"].replace("courses,bulk", "courses,absent")
    del files["academicSessions.csv"], files["courses.csv"]
    assert read(in_folder(files, tmp_path)) == [one for one in ROSTER if not isinstance(one, Course | Term)]


def test_a_row_that_a_full_export_lists_as_deleted_is_gone(tmp_path: Path) -> None:
    files = changed("users.csv", "stu 1,,,", "stu 1,ToBeDeleted,,")
    assert read(in_folder(files, tmp_path)) == ROSTER[:-1]


def test_enrollments_that_ended_do_not_count(tmp_path: Path) -> None:
    files = changed("enrollments.csv", "false,2026-08-15,", "false,2026-08-15,2026-09-15")
    assert Enrollment("c1", "stu 1", Role.STUDENT) not in read(in_folder(files, tmp_path))


def test_REL_45_the_apostrophe_of_our_own_export_is_taken_off_again(tmp_path: Path) -> None:
    files = changed("courses.csv", "Biology", "'=Biology", changed("orgs.csv", "Harbor High", "'Harbor High"))
    found = read(in_folder(files, tmp_path))
    assert Course("bio", "=Biology", "B1") in found
    assert School("s1", "'Harbor High School", "120000700001") in found


def test_columns_that_we_do_not_read_may_hold_anything(tmp_path: Path) -> None:
    files = changed("users.csv", "secret", "s" * 5_000)
    found = read(in_folder(files, tmp_path))
    assert found == ROSTER and "secret" not in str(read(in_folder(FILES, tmp_path)))


def test_every_row_knows_its_file_and_line(tmp_path: Path) -> None:
    files = FILES | {"users.csv": FILES["users.csv"].replace("t|1,,,true", '\nt|1,,"a\nb",true')}
    tables = Tables(package_at(in_folder(files, tmp_path)), Faults())
    placed = [(one.row.source_id, one.file, one.line) for one in tables.placed(columns.USERS)]
    assert placed == [("t|1", "users.csv", 3), ("stu 1", "users.csv", 5), ("grd", "users.csv", 6)]


def test_a_big_file_is_read_page_by_page(tmp_path: Path) -> None:
    people = "".join(f"p{number},,,true,s1,student,,,Ada,Example,,,,,,,,\n" for number in range(2_500))
    path = in_zip(FILES | {"users.csv": FILES["users.csv"] + people}, tmp_path / "package.zip")
    assert len(read(path)) == len(ROSTER) + 2_500
