"""Invents people: names, numbers, addresses, and private details that nobody ought to keep."""

import unicodedata
from random import Random

from webapp.simulator import names
from webapp.simulator.world import District, Person

LETTERS = {"ł": "l", "Ł": "l", "ø": "o", "Ø": "o", "đ": "d", "Đ": "d", "ı": "i", "ß": "ss"}


def make_person(
    district: District, random: Random, *, kind: str, sourced_id: str, school: str, name: tuple[str, str] | None = None
) -> Person:
    """One more person of the district, already among its people."""
    clever_id, classlink_id = district.next_ids()
    given, family = name or (random.choice(names.GIVEN), random.choice(names.FAMILY))
    person = Person(
        sourced_id=sourced_id,
        clever_id=clever_id,
        classlink_id=classlink_id,
        created=district.opened,
        modified=district.opened,
        kind=kind,
        given=given,
        family=family,
        middle=random.choice(names.GIVEN) if random.random() < 0.3 else "",
        schools=[school] if school else [],
    )
    give_address(person, district, classlink_id % 1_000_000)
    give_private_details(person, random)
    district.people[sourced_id] = person
    return person


def give_address(person: Person, district: District, count: int) -> None:
    """User name, e-mail and numbers, of the district's own domain."""
    login = f"{plain(person.given)}.{plain(person.family)}{count}"
    person.username = login
    person.email = f"{login}@{district.domain}" if person.kind != "guardian" else f"{login}@post.example"
    person.sis_id = f"{district.seed % 90 + 10}{count:06d}"
    person.number = f"{count + 500_000}" if person.kind != "district_admin" else ""
    person.state_id = f"{district.seed % 10_000:04d}{count:06d}"


def give_private_details(person: Person, random: Random) -> None:
    """What the services serve beside the roster; free texts say "canary", so that a search finds them."""
    count = person.classlink_id % 1_000_000
    person.private["password"] = f"canary-password-{count}"
    person.private["phone"] = f"555-01{random.randrange(100):02d} ext canary-{count}"
    person.private["sms"] = f"canary-sms-{count}"
    if person.kind != "student":
        return
    language, code = random.choice(names.LANGUAGES)
    person.private |= {
        "gender": random.choice(names.GENDERS),
        "race": random.choice(names.RACES),
        "hispanic": random.choice("YN"),
        "street": f"{random.randrange(1, 999)} {random.choice(names.STREETS)}, canary-{count}",
        "city": "Canaryville",
        "state": "CA",
        "zip": f"{random.randrange(90000, 96000)}",
        "language": language,
        "language_code": code,
        "ell": random.choice("YN"),
        "iep": random.choice("YN"),
        "frl": random.choice(("Free", "Reduced", "Paid")),
    }


def give_grade(student: Person, grade: str, random: Random, school_year: int) -> None:
    """The student's grade, with a birth date that suits it."""
    student.grade = grade
    age = 5 if grade == "KG" else 5 + int(grade)
    student.private["born"] = f"{school_year - 1 - age:04d}-{random.randrange(1, 13):02d}-{random.randrange(1, 29):02d}"


def plain(text: str) -> str:
    """A name as it stands in an e-mail address: only a to z."""
    bare = unicodedata.normalize("NFKD", "".join(LETTERS.get(letter, letter) for letter in text))
    return "".join(letter for letter in bare.lower() if "a" <= letter <= "z")
