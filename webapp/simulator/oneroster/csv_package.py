"""A district as a OneRoster CSV bulk package, version 1.1 or 1.2: what a school system exports to be uploaded."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator

from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Request, Response

from webapp.simulator.oneroster.csv_rows import CsvRow, CsvWriter
from webapp.simulator.stage import Stage
from webapp.simulator.world import District

BEGINS = "sourcedId,status,dateLastModified,"
USERS = "givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password"
COLUMNS = {
    "academicSessions": "title,type,startDate,endDate,parentSourcedId,schoolYear",
    "orgs": "name,type,identifier,parentSourcedId",
    "courses": "schoolYearSourcedId,title,courseCode,grades,orgSourcedId,subjects,subjectCodes",
    "classes": "title,grades,courseSourcedId,classCode,classType,location,schoolSourcedId,termSourcedIds,subjects,"
    "subjectCodes,periods",
    "enrollments": "classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate",
    "demographics": "birthDate,sex,americanIndianOrAlaskaNative,asian,blackOrAfricanAmerican,"
    "nativeHawaiianOrOtherPacificIslander,white,demographicRaceTwoOrMoreRaces,hispanicOrLatinoEthnicity,"
    "countryOfBirthCode,stateOfBirthAbbreviation,cityOfBirth,publicSchoolResidenceStatus",
}
"""File -> its columns in the standard's order, after the three with which every file begins."""

COLUMNS_OF = {
    "1.1": COLUMNS | {"users": f"enabledUser,orgSourcedIds,role,username,userIds,{USERS}"},
    "1.2": COLUMNS
    | {
        "users": f"enabledUser,username,userIds,{USERS},userMasterIdentifier,preferredGivenName,preferredMiddleName,"
        "preferredFamilyName,primaryOrgSourcedId,pronouns",
        "roles": "userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,userProfileSourcedId",
        "userProfiles": "userSourcedId,profileType,vendorId,applicationId,description,credentialType,username,password",
    },
}

ABSENT = ("categories", "classResources", "courseResources", "lineItems", "resources", "results")
ABSENT_OF = {
    "1.1": ABSENT,
    "1.2": (
        *ABSENT,
        "lineItemLearningObjectiveIds",
        "lineItemScoreScales",
        "resultLearningObjectiveIds",
        "resultScoreScales",
        "scoreScales",
        "userResources",
    ),
}
"""The standard's other files: each has its line in the manifest too."""


def package(district: District, version: str) -> bytes:
    """The zip: the manifest, and a file for each kind of record."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in files(district, version).items():
            out.writestr(f"{name}.csv", content)
    return archive.getvalue()


def files(district: District, version: str) -> dict[str, str]:
    """The text of each file by its name without `.csv`."""
    written = CsvWriter(district).everything(version)
    columns = COLUMNS_OF[version]
    texts = {name: as_csv(f"{BEGINS}{columns[name]}".split(","), rows) for name, rows in written.items()}
    told = ({"propertyName": name, "value": value} for name, value in manifest(district, version))
    return {"manifest": as_csv(["propertyName", "value"], told)} | texts


def as_csv(columns: list[str], rows: Iterable[CsvRow]) -> str:
    """A file's text. In a bulk package `status` and `dateLastModified` are blank, as is whatever a row does not say."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def manifest(district: District, version: str) -> Iterator[tuple[str, str]]:
    """What the package says of itself: every file of the standard has a line, in the package or not."""
    yield "manifest.version", "1.0"
    yield "oneroster.version", version
    present = COLUMNS_OF[version]
    for name in sorted([*present, *ABSENT_OF[version]]):
        yield f"file.{name}", "bulk" if name in present else "absent"
    yield "source.systemName", district.name
    yield "source.systemCode", str(district.number)


def serve_package(stage: Stage, request: Request, number: int, version: str) -> Response:
    """The package of one district as it is now."""
    district = stage.district(number)
    if district is None:
        raise NotFound(f"there is no district {number}")
    attachment = {"Content-Disposition": f'attachment; filename="oneroster-{version}-district-{number}.zip"'}
    return Response(package(district, version), headers=attachment, mimetype="application/zip")
