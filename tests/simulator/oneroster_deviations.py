"""Where the simulated roster server's plain answers differ from the OpenAPI file of OneRoster 1.1, and why."""

from dataclasses import dataclass
from typing import Any

WORDS = {"enum": ["true", "false"]}


@dataclass(frozen=True)
class Deviation:
    """One row: in these schemas of the file, these properties are something else."""

    name: str
    schemas: tuple[str, ...]
    properties: dict[str, Any]
    reason: str


DEVIATIONS = (
    Deviation(
        "a user's flag is a word",
        ("User_Type_allOf",),
        {"enabledUser": WORDS},
        "seen in live ClassLink answers; the prose of 1.1 and all of 1.2 have words too, only this file has booleans",
    ),
    Deviation(
        "an enrollment's flag is a word",
        ("Enrollment_Type_allOf",),
        {"primary": WORDS},
        "seen in live ClassLink answers, as above",
    ),
    Deviation(
        "flags of demographics are words",
        ("Demographic_Type_allOf",),
        {
            "americanIndianOrAlaskaNative": WORDS,
            "asian": WORDS,
            "blackOrAfricanAmerican": WORDS,
            "nativeHawaiianOrOtherPacificIslander": WORDS,
            "white": WORDS,
            "demographicRaceTwoOrMoreRaces": WORDS,
            "hispanicOrLatinoEthnicity": WORDS,
        },
        "as above",
    ),
    Deviation(
        "periods are a list",
        ("Class_Type_allOf",),
        {"periods": {"type": "array", "items": {"type": "string"}}},
        "a slip of the file: its other lists are lists, the prose and 1.2 have a list here; the switch sends the text",
    ),
    Deviation(
        "causes of refusals have more words",
        ("imsx_CodeMinorField.Type",),
        {
            "imsx_codeMinorFieldValue": {
                "enum": [
                    *("invaliddata", "unauthorisedrequest", "unknownobject"),
                    *("invalid_filter_field", "invalid_blank_selection_field", "forbidden"),
                ]
            }
        },
        "the prose of 1.1 names these three, and the file's list lacks them",
    ),
)

NOT_SERVED = ("categories", "lineItems", "results", "resources")
"""Gradebook and resources: a district shares its roster with this application, so these are unknown objects."""
