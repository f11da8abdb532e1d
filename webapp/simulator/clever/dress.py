"""How Clever may write the same record: without values it lacks, with keys nobody knows, in any order."""

from typing import Any
from zlib import crc32

from webapp.simulator.clever.doors import CleverDoors

Json = dict[str, Any]

OPTIONAL = {"sections": ("course", "term_id", "teacher"), "users": ("email",)}
"""Keys that are missing where there is no value, as long as nothing else is asked for."""

WAYS: tuple[str, ...] = ("absent", "empty", "null")


class Dress:
    """Writes records the way that a district's switches want them."""

    def __init__(self, doors: CleverDoors) -> None:
        self.no_value = doors.clever_no_value
        self.extra = doors.clever_extra_keys
        self.shuffled = doors.clever_shuffled_keys

    @property
    def plain(self) -> bool:
        """Whether records stay as they are."""
        return not (self.no_value or self.extra or self.shuffled)

    def record(self, collection: str, record: Json) -> Json:
        """One record in this dress."""
        seed = str(record.get("id", ""))
        if self.no_value:
            record = dict.fromkeys(OPTIONAL.get(collection, ()), "") | record
        if self.extra:
            record = record | {"x_unknown": {"deep": [1, None, "two"]}}
        return self.written(record, seed)

    def written(self, record: Json, seed: str) -> Json:
        """One object and those inside it."""
        pairs = [(key, self.value(key, value, seed)) for key, value in record.items()]
        kept = [(key, value) for key, value in pairs if self.way(key, value, seed) != "absent"]
        if self.shuffled:
            kept.sort(key=lambda pair: crc32(f"{seed}{pair[0]}".encode()))
        return dict(kept)

    def value(self, key: str, value: Any, seed: str) -> Any:
        """One value: an object is written likewise, no value in the way that is asked for."""
        if isinstance(value, dict):
            inner = self.written(value, seed + key)
            # Clever sends an e-mail with students, of which its documents say nothing.
            return inner | {"email": "", "x_unknown": ""} if self.extra and key == "student" else inner
        way = self.way(key, value, seed)
        return {"empty": "", "null": None}.get(way, value)

    def way(self, key: str, value: Any, seed: str) -> str:
        """How this value, if it is none, is told; nothing where it is one or nothing is asked for."""
        if not self.no_value or not (value is None or value == ""):
            return ""
        if self.no_value != "mixed":
            return self.no_value
        return WAYS[crc32(f"{key}{seed}".encode()) % 3]
