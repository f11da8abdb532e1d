"""OneRoster 1.1's refusals, and the bodies that servers make of them."""

from itertools import count
from typing import Any

from werkzeug.wrappers import Response

from webapp.simulator.answers import as_json

MESSAGES = count(1)
FILE_WORDS = {
    "invalid data": "invaliddata",
    "unauthorized": "unauthorisedrequest",
    "unknown object": "unknownobject",
}
"""The prose's words for causes, as the OpenAPI file spells them; it has none for the others."""


class Refused(Exception):
    """A request that gets no records: its status, the standard's word for the cause, and a sentence."""

    def __init__(self, status: int, minor: str, description: str) -> None:
        super().__init__(description)
        self.status = status
        self.minor = minor
        self.description = description


def failure(refused: Refused, style: str) -> Response:
    """The answer to a refused request: 1.1's prose wants a list, its OpenAPI file one object, servers do either."""
    if style == "empty":
        return Response(status=refused.status)
    if style in ("statusInfoSet", "errors"):
        return as_json({style: [status_info(refused.minor, refused.description, "error")]}, refused.status)
    return as_json(status_object(refused), 200 if style == "with status 200" else refused.status)


def status_object(refused: Refused) -> dict[str, Any]:
    """The one object of the OpenAPI file."""
    minor = FILE_WORDS.get(refused.minor, refused.minor)
    field = {"imsx_codeMinorFieldName": "TargetEndSystem", "imsx_codeMinorFieldValue": minor}
    return {
        "imsx_codeMajor": "failure",
        "imsx_severity": "error",
        "imsx_messageRefIdentifier": str(next(MESSAGES)),
        "imsx_description": refused.description,
        "imsx_CodeMinor": {"imsx_codeMinorField": [field]},
    }


def status_info(minor: str, description: str, severity: str) -> dict[str, str]:
    """One of the prose's list: four parts."""
    return {
        "imsx_codeMajor": "failure" if severity == "error" else "success",
        "imsx_severity": severity,
        "imsx_codeMinor": minor,
        "imsx_description": description,
    }
