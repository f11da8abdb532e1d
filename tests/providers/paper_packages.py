"""A tiny OneRoster CSV package that a test can spoil before it is read."""

import io
import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from tests.providers.at_sandbox import records
from webapp.providers.oneroster_csv.faults import Fault, PackageRefused
from webapp.providers.oneroster_csv.reader import PackageReader
from webapp.roster.records import Record

TODAY = date(2026, 9, 15)
Files = dict[str, str]

FILES: Files = {
    "manifest.csv": """propertyName,value
manifest.version,1.0
oneroster.version,1.1
file.academicSessions,bulk
file.classes,bulk
file.courses,bulk
file.demographics,absent
file.enrollments,bulk
file.orgs,bulk
file.users,bulk
source.systemName,
""",
    "orgs.csv": """sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId
d,,,Harbor Schools,district,,
s1,,,Harbor High School,school,120000700001,d
""",
    "academicSessions.csv": """sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear
y,,,2026-2027,schoolYear,2026-08-01,2027-07-01,,2027
fall,,,Fall,term,2026-08-15,2026-12-20,y,2027
""",
    "courses.csv": """sourcedId,status,dateLastModified,schoolYearSourcedId,title,courseCode,grades,\
orgSourcedId,subjects
bio,,,y,Biology,B1,"09,10",s1,science
""",
    "classes.csv": """sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,\
schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods
c1,,,"Biology, advanced",9,bio,B1-01,scheduled,,s1,"fall, y","science,math",,"2,3"
""",
    "users.csv": """sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,\
familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password
t|1,,,true,"s1,d",teacher,noor,"{LDAP:noor},{SIS:31}",Noor,Achterberg,,31,noor@harbor.example,,,,,secret
stu 1,,,true,s1,student,zoe,{SIS:77001},Zoë,O’Brien,,1001,zoe@harbor.example,,,grd,9,secret
grd,,,true,s1,guardian,dad,,Dan,O’Brien,,,,,,,,
""",
    "enrollments.csv": """sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,\
beginDate,endDate
e1,,,c1,s1,t|1,teacher,TRUE,,
e2,,,c1,s1,stu 1,student,false,2026-08-15,
""",
}

ROLES = """sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId
r1,,,t|1,primary,teacher,,,s1
r2,,,t|1,secondary,districtAdministrator,,,d
grd,,,grd,primary,guardian,,,s1
r3,,,stu 1,primary,student,,,s1
"""


def with_roles() -> Files:
    """The same people as 1.2 writes them: without role and orgs, which stand in roles.csv."""
    users = "\n".join(_without_columns(line, 4, 6) for line in FILES["users.csv"].replace('"s1,d"', "s1").splitlines())
    manifest = FILES["manifest.csv"].replace("version,1.1", "version,1.2") + "file.roles,bulk\n"
    return FILES | {"manifest.csv": manifest, "users.csv": users, "roles.csv": ROLES}


def _without_columns(line: str, first: int, end: int) -> str:
    cells = line.split(",")
    return ",".join(cells[:first] + cells[end:])


def changed(name: str, old: str, new: str, files: Files = FILES) -> Files:
    """The package with this put for that in one file."""
    assert old in files[name]
    return files | {name: files[name].replace(old, new)}


def without(*names: str) -> Files:
    """The package without these files."""
    return {name: text for name, text in FILES.items() if name not in names}


def in_folder(files: Mapping[str, str | bytes], folder: Path) -> Path:
    """The package as a folder."""
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def in_zip(files: Mapping[str, str | bytes], path: Path, *, level: int = 6) -> Path:
    """The package as a zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    path.write_bytes(out.getvalue())
    return path


def read(path: Path) -> list[Record]:
    """All records of the package there."""
    return records(PackageReader(path, TODAY).whole())


def refused(path: Path) -> tuple[Fault, ...]:
    """The faults for which the package is refused."""
    with pytest.raises(PackageRefused) as refusal:
        read(path)
    return refusal.value.faults
