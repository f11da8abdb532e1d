"""What a package says of itself: which files it holds, and whether each is everything (bulk) or only changes."""

from webapp.providers.oneroster_csv.faults import Fault, Faults
from webapp.providers.oneroster_csv.lines import cells_of
from webapp.providers.oneroster_csv.package import Package

MANIFEST = "manifest.csv"
VERSIONS = ("1.1", "1.2")
REQUIRED = ("orgs", "classes", "users", "enrollments")
"""The files without which there is no roster."""

READ = ("orgs", "academicSessions", "courses", "classes", "enrollments", "users", "roles")
"""The files that we read. Others, like `demographics` and `userProfiles`, are not even opened."""


def kinds_of(package: Package, faults: Faults) -> dict[str, str]:
    """What the manifest says of each file by its name without `.csv`: `bulk` or `absent`; "" where it says nothing.

    Packages without a manifest occur; what is there counts then. Every file that is promised is there, or is a fault.
    """
    told = _told(package, faults)
    _check_versions(told, faults)
    kinds = {name: told.get(f"file.{name}", "").lower() for name in READ}
    required = {*REQUIRED, *(["roles"] if told.get("oneroster.version", "").startswith("1.2") else [])}
    for name, kind in kinds.items():
        _check(package, f"{name}.csv", kind, faults, required=name in required)
    return kinds


def _told(package: Package, faults: Faults) -> dict[str, str]:
    if MANIFEST not in package:
        return {}
    rows = (cells for _, cells in cells_of(package, MANIFEST, faults))
    return {cells[0].strip(): cells[1].strip() for cells in rows if len(cells) > 1}


def _check_versions(told: dict[str, str], faults: Faults) -> None:
    own, version = told.get("manifest.version", ""), told.get("oneroster.version", "")
    if own not in ("", "1", "1.0"):
        sentence = "The manifest is of a version that is not known here; 1.0 is."
        faults.add(Fault(MANIFEST, sentence, field="manifest.version"))
    if version and not version.startswith(VERSIONS):
        sentence = f"The package is of a version of OneRoster that is not known here; {' and '.join(VERSIONS)} are."
        faults.add(Fault(MANIFEST, sentence, field="oneroster.version"))


def _check(package: Package, file: str, kind: str, faults: Faults, *, required: bool) -> None:
    there = file in package
    if kind == "delta":
        faults.add(
            Fault(file, "The manifest says that this file holds only changes (delta). Export everything (bulk).")
        )
    elif kind not in ("", "absent", "bulk"):
        faults.add(
            Fault(MANIFEST, f"What this says of {file} is neither absent, bulk nor delta.", field=f"file.{file[:-4]}")
        )
    elif there and kind == "absent":
        faults.add(Fault(file, "The manifest says that this file is absent, but it is there."))
    elif required and not there:
        faults.add(Fault(file, "This file is missing, and there is no roster without it."))
    elif kind == "bulk" and not there:
        faults.add(Fault(file, "The manifest promises this file, but it is missing."))
