"""The yardstick: fetching and decoding the same pages, and nothing else."""

from typing import Any

import msgspec
import urllib3

from webapp.providers.clever.records import CourseRow, Listing, SchoolRow, SectionRow, TermRow, UserRow
from webapp.providers.oneroster.records import Classes, Courses, Enrollments, Orgs, Sessions, Users
from webapp.settings import Settings

CLEVER = (
    ("schools", SchoolRow),
    ("terms", TermRow),
    ("courses", CourseRow),
    ("sections", SectionRow),
    *((f"users?role={role}", UserRow) for role in ("student", "teacher", "staff", "district_admin")),
)
ONEROSTER = (
    ("orgs", Orgs),
    ("academicSessions", Sessions),
    ("courses", Courses),
    ("classes", Classes),
    ("users", Users),
    ("enrollments", Enrollments),
)
PAGE = 10_000


def pull_clever(settings: Settings, token: str) -> int:
    """Every record that the district's collections hold, decoded; how many."""
    with urllib3.PoolManager(headers={"Authorization": f"Bearer {token}"}) as pool:
        return sum(_clever(pool, settings.clever_api_url, path, row) for path, row in CLEVER)


def _clever(pool: urllib3.PoolManager, base: str, path: str, row: Any) -> int:
    count = 0
    url = f"/v3.1/{path}{'&' if '?' in path else '?'}limit={PAGE}"
    while url:
        page = msgspec.json.decode(pool.request("GET", base + url).data, type=Listing[row])
        count += len(page.data)
        url = next((str(link.uri) for link in page.links or () if link.rel == "next" and link.uri), "")
    return count


def pull_classlink(settings: Settings, tenant_id: str) -> int:
    """Every record that the tenant's collections hold, decoded; how many."""
    with urllib3.PoolManager() as pool:
        key = {"Authorization": f"Bearer {settings.classlink_roster_key}"}
        listed = pool.request("GET", f"{settings.classlink_roster_url}/applications?limit=1000", headers=key).json()
        [found] = [one for one in listed["applications"] if str(one["tenant_id"]) == tenant_id]
        base = f"{settings.classlink_roster_url}/{found['oneroster_application_id']}/ims/oneroster/v1p1"
        bearer = {"Authorization": f"Bearer {found['bearer'] or settings.classlink_roster_key}"}
        return sum(_oneroster(pool, base, path, rows, bearer) for path, rows in ONEROSTER)


def _oneroster(pool: urllib3.PoolManager, base: str, path: str, rows: Any, bearer: dict[str, str]) -> int:
    count, total = 0, 1
    while count < total:
        url = f"{base}/{path}?limit={PAGE}&offset={count}&sort=sourcedId&orderBy=asc"
        answer = pool.request("GET", url, headers=bearer, preload_content=False)
        page = msgspec.json.decode(answer.read(), type=rows)
        total = int(answer.headers["x-total-count"])
        answer.release_conn()
        count += len(next(iter(msgspec.structs.asdict(page).values())) or ())
    return count
