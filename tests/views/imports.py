"""Classes of the simulated district, imported and synced as a worker does it."""

from tests.factory import House, imported
from tests.views.school import School, known_teacher, now, rows


def customer_of(school: School, service: str) -> House:
    """The school as the factories know customers."""
    connection, authority = rows("select id, provider_district from connection where provider = :it", it=service)[0]
    return House(school.district_id, school.license_id, connection, authority)


def imported_section(school: School, service: str) -> tuple[str, str]:
    """A section that its teacher has imported: its name, and a student in it."""
    person, key = known_teacher(school, service), school.at.ids(service)
    truth = school.at.truth()
    mine = next(one for one in truth["enrollments"] if one["role"] == "teacher" and one["person_clever_id"] == person)
    account = rows("select account_id from identity where provider = :it", it=service)[0][0]
    run = imported(customer_of(school, service), account, [mine[f"section_{key}"]], school.at.services, now())
    assert run.state == "done", run.reason
    section = next(one for one in truth["sections"] if one[key] == mine[f"section_{key}"])
    there = (one for one in truth["enrollments"] if one[f"section_{key}"] == section[key] and one["role"] == "student")
    return str(section["name"]), str(next(there)["person_clever_id"])
