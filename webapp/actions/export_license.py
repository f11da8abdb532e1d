"""Write what Rollbook holds for a license as a OneRoster 1.1 CSV bulk package, with the journal beside it."""

import csv
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from sqlalchemy import text

from webapp.store.database import directory, tenant
from webapp.store.questions import exporting

HEADERS = {
    "orgs": "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId",
    "academicSessions": "sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear",
    "courses": "sourcedId,status,dateLastModified,schoolYearSourcedId,title,courseCode,grades,orgSourcedId,subjects,"
    "subjectCodes",
    "classes": "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,"
    "schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods",
    "users": "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,"
    "middleName,identifier,email,sms,phone,agentSourcedIds,grades,password",
    "enrollments": "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,"
    "beginDate,endDate",
    "changes": "time,run,actor,record,source_id,class_source_id,change,field,before,after",
}
STATEMENTS = {
    "orgs": exporting.ORGS,
    "academicSessions": exporting.SESSIONS,
    "courses": exporting.COURSES,
    "classes": exporting.CLASSES,
    "users": exporting.USERS,
    "enrollments": exporting.ENROLLMENTS,
    "changes": exporting.CHANGES,
}
# Every file of the standard has its line in the manifest, also those that are not in the package.
ABSENT = ("categories", "classResources", "courseResources", "demographics", "lineItems", "resources", "results")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")
"""A cell that begins so could run in a spreadsheet; it gets a leading apostrophe (REL-45)."""


class NoSuchLicense(Exception):
    """There is no such license."""


def export_license(license_id: UUID, out: Path) -> list[Path]:
    """The package lies in the folder `out`, which is made if need be; its files. Raises NoSuchLicense."""
    with directory() as session:
        find = text("select district_id from license where id = :license")
        district_id = session.execute(find, {"license": license_id}).scalar()
    if district_id is None:
        raise NoSuchLicense("There is no such license.")
    out.mkdir(parents=True, exist_ok=True)
    files = [_write(out / "manifest.csv", "propertyName,value", _manifest())]
    with tenant(UUID(str(district_id))) as session:
        for name, statement in STATEMENTS.items():
            files.append(_write(out / f"{name}.csv", HEADERS[name], exporting.rows(session, statement, license_id)))
    return files


def _write(path: Path, header: str, rows: Iterable[tuple[str, ...]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header.split(","))
        writer.writerows([_safe(cell) for cell in row] for row in rows)
    return path


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _manifest() -> list[tuple[str, str]]:
    present = [name for name in HEADERS if name != "changes"]
    files = [(f"file.{name}", "bulk" if name in present else "absent") for name in sorted([*present, *ABSENT])]
    return [
        ("manifest.version", "1.0"),
        ("oneroster.version", "1.1"),
        *files,
        ("source.systemName", "Rollbook"),
        ("source.systemCode", ""),
    ]
