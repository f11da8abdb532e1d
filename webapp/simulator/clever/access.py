"""Whose token a request carries, and what becomes of one that is no good."""

from werkzeug.wrappers import Response

from webapp.simulator.clever.envelope import unknown_token
from webapp.simulator.stage import Stage
from webapp.simulator.world import District, Person


def district_of(stage: Stage, token: str) -> District | None:
    """The connected district whose district-app token this is."""
    doors = ((one.doors.clever.clever_token, one) for one in stage.districts if one.doors.clever.clever_connected)
    return next((district for known, district in doors if known == token), None)


def person_of(stage: Stage, token: str) -> tuple[District, Person] | None:
    """Whose own token it is, unless their district has disconnected the application."""
    mine = stage.person(stage.desks["clever"].holder(token))
    return mine if mine and mine[0].doors.clever.clever_connected else None


def refused_token(stage: Stage, token: str) -> Response:
    """The refusal that the district wants whose token it was once; 401 for a token that nobody ever had."""
    for district in stage.districts:
        doors = district.doors.clever
        if token in (doors.clever_token, *doors.retired_tokens):
            return unknown_token(doors.clever_refused_as)
    return unknown_token()
