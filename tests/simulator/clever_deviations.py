"""Where the simulated Clever differs from the official specifications on purpose, and whence we know better."""

from dataclasses import dataclass
from typing import Any

TEXT = {"type": "string"}
OBJECTS = ("User", "Section", "School", "Course", "Term", "District")
RELATIONS = (
    "district", "sections", "myContacts", "myTeachers", "myStudents", "schools", "school", "term", "course", "users",
    "terms", "courses",
)  # fmt: skip


@dataclass(frozen=True)
class Deviation:
    """One difference: which definitions, what is merged into them, and the reason with its source."""

    name: str
    definitions: tuple[str, ...]
    change: dict[str, Any]
    reason: str


DEVIATIONS = (
    Deviation(
        "list items carry their address",
        (*(f"{one}Response" for one in OBJECTS), "EventResponse"),
        {"properties": {"uri": TEXT}},
        "recorded: every item of a list is {data, uri}",
    ),
    Deviation(
        "single answers carry links",
        (*(f"{one}Response" for one in OBJECTS), "EventResponse"),
        {"properties": {"links": {"type": "array", "items": {"$ref": "#/definitions/Link"}}}},
        "recorded, and the documentation's page on links: {data, links}",
    ),
    Deviation(
        "links of one object name its relations",
        ("Link",),
        {"properties": {"rel": {"enum": [*RELATIONS, "next", "prev", "self"]}}},
        "recorded: district, sections, myStudents and others stand beside self",
    ),
    Deviation(
        "dates of terms are plain",
        ("Term",),
        {"properties": {"start_date": {"format": "date"}, "end_date": {"format": "date"}}},
        "recorded: YYYY-MM-DD, though the specification says datetime",
    ),
    Deviation(
        "a moment that never was is empty",
        ("District",),
        {
            "properties": {
                name: {"format": "datetime or empty"} for name in ("pause_start", "pause_end", "last_attendance_sync")
            }
        },
        "recorded: where there is no value, empty strings and absent keys are common and null never occurs",
    ),
    Deviation(
        "no resources are one key",
        ("ResourcesResponse",),
        {"properties": {"resources": {"type": "array", "maxItems": 0}}},
        'recorded: the live answer is {"resources": []}',
    ),
    Deviation(
        "an error says `error`",
        ("NotFound",),
        {"properties": {"error": TEXT}},
        "recorded in v1.1, never in v3; `clever_errors_say` tells it as the specification does",
    ),
    Deviation(
        "a count is told in `paging`",
        tuple(f"{one}sResponse" for one in OBJECTS),
        {"properties": {"paging": {"type": "object"}}},
        "the specification takes `count` and says nowhere how it answers; v1.2 answered so",
    ),
    Deviation(
        "what was before stands beside the object",
        tuple(f"{one}Object" for one in OBJECTS),
        {"properties": {"previous_attributes": {"type": "object"}}},
        "recorded: previous_attributes is inside the event's inner data; the specification has it one level higher",
    ),
)
