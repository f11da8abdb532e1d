"""What v3.1 added to v3.0, taken away again."""

from typing import Any

Json = dict[str, Any]

VERSIONS = ("v3.0", "v3.1")
NEWER = {
    "districts": ("lms_type", "lms_state", "last_attendance_sync"),
    "sections": ("lms_status",),
    "users": ("lms_status",),
}
NEWER_OF_STUDENTS = (
    "preferred_name", "disability", "gifted_status", "section_504_status", "frl_status", "iep_status",
    "home_language", "home_language_code",
)  # fmt: skip


def in_version(version: str, collection: str, record: Json) -> Json:
    """A record, or what has changed of one, as that version knows it."""
    if version == "v3.1":
        return record
    older = without(record, NEWER.get(collection, ()))
    student = (older.get("roles") or {}).get("student") if collection == "users" else None
    if student:
        older["roles"] = older["roles"] | {"student": without(student, NEWER_OF_STUDENTS)}
    return older


def without(record: Json, keys: tuple[str, ...]) -> Json:
    """The record without those keys."""
    return {key: value for key, value in record.items() if key not in keys}
