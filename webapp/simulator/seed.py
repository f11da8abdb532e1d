"""Grows a whole district from a number: the same seed gives the same people, ids and classes."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from webapp.simulator import names
from webapp.simulator.doors import doors_of
from webapp.simulator.people import give_grade, make_person, plain
from webapp.simulator.world import Course, District, Enrollment, Person, School, Section, Term, clever_id


@dataclass(frozen=True)
class Size:
    """How big a district is; all but `schools` is counted for one school."""

    schools: int
    teachers: int
    sections: int
    students: int
    sections_of_ten_students: int


SIZES = {
    "tiny": Size(schools=1, teachers=3, sections=4, students=12, sections_of_ten_students=20),
    "demo": Size(schools=3, teachers=7, sections=20, students=300, sections_of_ten_students=25),
    "S": Size(schools=10, teachers=30, sections=150, students=500, sections_of_ten_students=57),
}


def grow_district(number: int, *, seed: int, size: str, today: date, name: str | None = None) -> District:
    """A district in which the first of two terms is running on `today`."""
    grower = Grower(number, seed=seed, size=SIZES[size], today=today, name=name)
    grower.grow()
    return grower.district


class Grower:
    """Builds one district; sourced ids follow from the seed alone, Clever and ClassLink ids from the number too."""

    def __init__(self, number: int, *, seed: int, size: Size, today: date, name: str | None) -> None:
        self.random = Random(seed)
        self.seed = seed
        self.size = size
        self.today = today
        self.counts: dict[str, int] = {}
        self.taught_by: dict[str, str] = {}
        word = names.DISTRICTS[(seed - 1) % len(names.DISTRICTS)]
        self.district = District(
            number=number,
            seed=seed,
            name=name or f"{word} Schools",
            sourced_id=f"dist-{seed}",
            clever_id=clever_id(number, 0),
            nces_id=f"{1_200_000 + seed % 100_000:07d}",
            domain=f"{plain(word)}.example",
            opened=f"{today.isoformat()}T06:00:00.000Z",
            doors=doors_of(number),
        )

    def grow(self) -> None:
        """Fill the district: terms first, then school by school."""
        self.add_terms()
        self.person("district_admin", "", title="Data Coordinator")
        for place in range(self.size.schools):
            self.add_school(place)

    def stamp(self) -> dict[str, str]:
        """The next Clever id and the date that all first records carry."""
        return {
            "clever_id": self.district.next_ids()[0],
            "created": self.district.opened,
            "modified": self.district.opened,
        }

    def sourced(self, prefix: str) -> str:
        """The next sourced id of a kind. A teacher's holds bars, as real ones may."""
        count = self.counts[prefix] = self.counts.get(prefix, 0) + 1
        return f"tch|{self.seed}|{count:03d}" if prefix == "tch" else f"{prefix}-{self.seed}-{count:05d}"

    def add_terms(self) -> None:
        """A school year with a term that runs today and one that follows."""
        first, last = self.today - timedelta(days=45), self.today + timedelta(days=120)
        end = last + timedelta(days=150)
        self.school_year = end.year
        self.year = self.term(f"{end.year - 1}-{end.year}", "schoolYear", first, end)
        self.now = self.term("Semester 1", "term", first, last)
        self.next = self.term("Semester 2", "term", last + timedelta(days=1), end)

    def term(self, name: str, kind: str, starts: date, ends: date) -> Term:
        """One span of the year, a child of the school year if it is not that itself."""
        term = Term(
            sourced_id=self.sourced("term"),
            **self.stamp(),
            name=name,
            kind=kind,
            starts=starts.isoformat(),
            ends=ends.isoformat(),
            parent="" if kind == "schoolYear" else self.year.sourced_id,
            school_year=str(self.school_year),
        )
        self.district.terms[term.sourced_id] = term
        return term

    def person(self, kind: str, school: str, *, title: str = "") -> Person:
        """One more person of that kind."""
        prefix = {"student": "stu", "teacher": "tch", "guardian": "grd"}.get(kind, "stf")
        person = make_person(self.district, self.random, kind=kind, sourced_id=self.sourced(prefix), school=school)
        person.title = title
        return person

    def add_school(self, place: int) -> None:
        """One school with its staff, courses, sections and students."""
        level, grades = names.LEVELS[place % len(names.LEVELS)]
        school = self.school(f"{names.SCHOOLS[place % len(names.SCHOOLS)]} {level}", place, list(grades))
        principal = self.person("site_admin", school.sourced_id, title="Principal")
        school.principal, school.principal_email = principal.name, principal.email
        if place == 0:
            self.person("aide", school.sourced_id, title="Classroom Aide")
        teachers = [self.person("teacher", school.sourced_id, title="Teacher") for _ in range(self.size.teachers)]
        courses = [self.course(*course, school) for course in names.COURSES[level]]
        used = list(grades)[: max(1, self.size.sections // 4)]
        idle = place == 0 and self.size.schools > 1
        sections = self.add_sections(school, courses, teachers[:-1] if idle else teachers, used)
        if idle:
            self.make_twins(sections[0], sections[len(teachers) - 1])
        empty = {sections[-1].sourced_id} if place > 0 and place == self.size.schools - 1 else set()
        self.add_students(school, used, [section for section in sections if section.sourced_id not in empty])

    def school(self, name: str, place: int, grades: list[str]) -> School:
        """One school of the district."""
        school = School(
            sourced_id=self.sourced("sch"),
            **self.stamp(),
            name=name,
            nces_id=f"{self.district.nces_id}{place + 1:05d}",
            number=f"{100 + place}",
            grades=grades,
            phone=f"555-01{place:02d}",
            street=f"{place + 1} {names.STREETS[place % len(names.STREETS)]}",
            city=self.district.name.removesuffix(" Schools"),
        )
        self.district.schools[school.sourced_id] = school
        return school

    def course(self, name: str, subject: str, school: School) -> Course:
        """One course of a school."""
        course = Course(
            sourced_id=self.sourced("crs"),
            **self.stamp(),
            name=name,
            number=f"{school.number}{len(self.district.courses) + 1:03d}",
            subject=subject,
            grades=school.grades,
            org=school.sourced_id,
            school_year=self.year.sourced_id,
        )
        self.district.courses[course.sourced_id] = course
        return course

    def add_sections(
        self, school: School, courses: list[Course], teachers: list[Person], grades: list[str]
    ) -> list[Section]:
        """The school's sections: teachers take turns, every tenth has two, every fifth is of the next term."""
        sections = []
        for place in range(self.size.sections):
            course = courses[place % len(courses)]
            section = self.section(school, course, place, grades[place * len(grades) // self.size.sections])
            section.period = str((place % len(teachers) + place // len(teachers)) % 7 + 1)
            self.enroll(section, teachers[place % len(teachers)], "teacher", primary=True)
            if place % 10 == 1:
                self.enroll(section, teachers[(place + 1) % len(teachers)], "teacher")
            sections.append(section)
        return sections

    def section(self, school: School, course: Course, place: int, grade: str) -> Section:
        """One section, named after its course with a letter."""
        term = self.next if place % 5 == 4 else self.now
        letter = self.counts[course.sourced_id] = self.counts.get(course.sourced_id, 64) + 1
        section = Section(
            sourced_id=self.sourced("sec"),
            **self.stamp(),
            name=f"{course.name} - {chr(letter)}",
            school=school.sourced_id,
            course=course.sourced_id,
            terms=[term.sourced_id],
            code=f"{course.number}-{place + 1:02d}",
            subject=course.subject,
            grades=[grade],
            homeroom=course.subject == "homeroom/advisory",
            room=f"Room {place + 101}",
        )
        self.district.sections[section.sourced_id] = section
        return section

    def make_twins(self, first: Section, second: Section) -> None:
        """Give two sections of one teacher the same name, so that only the period tells them apart."""
        first.name = second.name = self.district.courses[first.course].name
        second.course, second.subject, second.grades = first.course, first.subject, first.grades
        second.homeroom, second.code = first.homeroom, first.code[:-2] + second.code[-2:]

    def add_students(self, school: School, grades: list[str], sections: list[Section]) -> None:
        """The school's students, each in some sections of their grade, all by different teachers."""
        for place in range(self.size.students):
            student = self.person("student", school.sourced_id)
            give_grade(student, grades[place * len(grades) // self.size.students], self.random, self.school_year)
            if place % 12 == 0:
                student.guardians.append(self.person("guardian", "").sourced_id)
            wanted, rest = divmod(self.size.sections_of_ten_students, 10)
            offered = [section for section in sections if section.grades == [student.grade]]
            self.place_student(student, offered, place, wanted + (place % 10 < rest))

    def place_student(self, student: Person, offered: list[Section], place: int, wanted: int) -> None:
        """Enroll a student in up to `wanted` of the sections offered, beginning at another one each time."""
        seen: set[str] = set()
        for step in range(len(offered)):
            section = offered[(place * wanted + step) % len(offered)]
            teacher = self.taught_by[section.sourced_id]
            if len(seen) < wanted and teacher not in seen:
                seen.add(teacher)
                self.enroll(section, student, "student")

    def enroll(self, section: Section, person: Person, role: str, *, primary: bool = False) -> None:
        """Put a person into a section."""
        if primary:
            self.taught_by[section.sourced_id] = person.sourced_id
        enrollment = Enrollment(
            sourced_id=self.sourced("enr"),
            section=section.sourced_id,
            person=person.sourced_id,
            role=role,
            primary=primary,
            begins=self.district.terms[section.terms[0]].starts,
            modified=self.district.opened,
        )
        self.district.enrollments[enrollment.sourced_id] = enrollment
