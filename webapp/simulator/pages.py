"""The sandbox's own pages, for people who try it in a browser."""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from werkzeug.wrappers import Request, Response

from webapp.simulator.desk import Desk
from webapp.simulator.faults import KINDS
from webapp.simulator.moves import MOVES
from webapp.simulator.stage import Stage
from webapp.simulator.switches import shown
from webapp.simulator.world import District, Person

ROOT = Path(__file__).parents[2]
GROUPS = (
    ("Teachers", ("teacher",)),
    ("Students", ("student",)),
    ("Administrators and staff", ("district_admin", "site_admin", "aide", "proctor")),
)
MOST_SHOWN = 60
WORDS = {"site_admin": "school administrator", "district_admin": "district administrator"}


@cache
def templates() -> Environment:
    """The sandbox's templates, every value escaped."""
    return Environment(loader=FileSystemLoader(ROOT / "templates" / "simulator"), autoescape=True)


def page(name: str, status: int = 200, **values: Any) -> Response:
    """One page."""
    return Response(templates().get_template(name).render(**values), status, mimetype="text/html")


def stylesheet(stage: Stage, request: Request) -> Response:
    """The sandbox's one stylesheet."""
    return Response((ROOT / "static" / "simulator" / "sandbox.css").read_bytes(), mimetype="text/css")


def front(stage: Stage, request: Request) -> Response:
    """What the sandbox is, whom to sign in as, and the buttons that move time on."""
    number = request.args.get("district", "")
    district = stage.district(int(number)) if number.isdigit() else None
    district = district or next(iter(stage.districts), None)
    people = sample(district) if district else []
    return page(
        "front.html",
        districts=stage.districts,
        district=district,
        people=people,
        application=stage.public_url,
        desks=stage.desks.values(),
        services=controls(stage, district) if district else [],
        faults=stage.faults.on,
        kinds=KINDS,
        moves={name: str(move.__doc__) for name, move in MOVES.items()},
    )


def controls(stage: Stage, district: District) -> list[dict[str, Any]]:
    """Each service with the district's name there, its switches, and what can be pressed."""
    return [
        {
            "key": one.key,
            "label": stage.desks[one.key].service,
            "names": one.names(district),
            "switches": shown(one.doors(district)),
            "presses": list(one.presses),
        }
        for one in stage.services.values()
    ]


def sample(district: District) -> list[dict[str, Any]]:
    """A few people of every sort to sign in as, those who teach the most sections first."""
    sections: dict[str, int] = {}
    for enrollment in district.enrollments.values():
        sections[enrollment.person] = sections.get(enrollment.person, 0) + 1
    chosen: list[Person] = []
    for kind, most in (("teacher", 5), ("student", 3), ("site_admin", 1), ("district_admin", 1)):
        people = [one for one in district.people.values() if one.kind == kind]
        chosen += sorted(people, key=lambda one: -sections.get(one.sourced_id, 0))[:most]
    return [described(one, sections.get(one.sourced_id, 0)) for one in chosen]


def described(person: Person, sections: int) -> dict[str, Any]:
    """One person as the introduction names them."""
    return {
        "name": person.name,
        "role": role_word(person),
        "email": person.email,
        "clever_id": person.clever_id,
        "classlink_id": person.classlink_id,
        "sourced_id": person.sourced_id,
        "sections": sections,
    }


def role_word(person: Person) -> str:
    """What a person is, in plain words."""
    return WORDS.get(person.kind, person.kind)


def choose_person(stage: Stage, desk: Desk, request: Request, *, number: int | None) -> Response:
    """ "Who are you?": everybody of one district by role, each a button, and one more to refuse."""
    wanted = request.args.get("sandbox_search", "").strip()
    district = stage.district(number or 1)
    groups = [(title, found(district, kinds, wanted)) for title, kinds in GROUPS] if district else []
    kept = [(key, value) for key, value in request.args.items(multi=True) if not key.startswith("sandbox_")]
    return page(
        "choose_person.html",
        desk=desk,
        groups=groups,
        most=MOST_SHOWN,
        role_word=role_word,
        district=district,
        districts=stage.districts,
        wanted=wanted,
        kept=kept,
        refusable="client_id" in request.args,
    )


def found(district: District, kinds: tuple[str, ...], wanted: str) -> list[Person]:
    """The district's people of those kinds whose name or e-mail holds the wanted text, by family name."""
    text = wanted.casefold()
    people = (one for one in district.people.values() if one.kind in kinds)
    fitting = [one for one in people if text in f"{one.name} {one.email}".casefold()]
    return sorted(fitting, key=lambda one: (one.family, one.given))


def launch_pad(desk: Desk, district: District, person: Person) -> Response:
    """The portal of somebody who is signed in: one tile, and the way out."""
    return page("portal.html", desk=desk, district=district, person=person, role_word=role_word)


def refusal(desk: Desk, sentence: str) -> Response:
    """The service's own page for a sign-in that can't go on; nobody is sent anywhere."""
    return page("refusal.html", 400, desk=desk, sentence=sentence)
