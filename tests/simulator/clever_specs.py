"""Clever's official specifications as JSON schemas, strict: a key that they do not name is an error."""

import re
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft4Validator, FormatChecker

from tests.simulator.clever_deviations import Deviation

Schema = dict[str, Any]
SPECS = Path(__file__).parent / "specs" / "clever"
VERSIONS = ("v3.0", "v3.1")

FORMATS = FormatChecker(formats=())


@FORMATS.checks("datetime")
@FORMATS.checks("date-time")
def is_moment(value: object) -> bool:
    """YYYY-MM-DDTHH:MM:SS.sssZ, in UTC."""
    return not isinstance(value, str) or bool(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", value))


@FORMATS.checks("datetime or empty")
def is_moment_or_empty(value: object) -> bool:
    """The same, or no moment at all."""
    return value == "" or is_moment(value)


@FORMATS.checks("date")
def is_day(value: object) -> bool:
    """YYYY-MM-DD."""
    return not isinstance(value, str) or bool(re.fullmatch(r"\d{4}-\d\d-\d\d", value))


@cache
def spec(name: str) -> Schema:
    """One official file."""
    read: Schema = yaml.safe_load((SPECS / f"{name}.yml").read_text())
    return read


def paths(name: str) -> dict[str, str]:
    """Every path of a file with the definition that a good answer has."""
    return {
        path: what["get"]["responses"]["200"]["schema"]["$ref"].rpartition("/")[2]
        for path, what in spec(name)["paths"].items()
    }


def definitions(name: str, deviations: tuple[Deviation, ...]) -> Schema:
    """The file's definitions with these deviations applied."""
    found = {key: whole(definition) for key, definition in deepcopy(spec(name)["definitions"]).items()}
    for one in deviations:
        for key in one.definitions:
            if key in found:
                merge(found[key], one.change)
    return {key: strict(one) for key, one in found.items()}


def whole(definition: Schema) -> Schema:
    """A definition that is put together from others, as one."""
    if "allOf" not in definition:
        return definition
    parts = [spec("v3.1-events")["definitions"]["Event"], definition["allOf"][1]]
    properties = {key: value for part in parts for key, value in part["properties"].items()}
    return {"type": "object", "properties": deepcopy(properties), "required": ["type"]}


def merge(into: Schema, change: Schema) -> None:
    """Put a change into a schema, as deep as it goes."""
    for key, value in change.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            merge(into[key], value)
        else:
            into[key] = deepcopy(value)


def strict(schema: Any) -> Any:
    """The schema without room for unknown keys, but for sorts of it, and with null where a value is optional."""
    if isinstance(schema, list):
        return [strict(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: strict(value) for key, value in schema.items() if not key.startswith("x-")}
    if isinstance(made.get("properties"), dict) and "discriminator" not in made:
        made.setdefault("additionalProperties", False)
    return {"anyOf": [made, {"type": "null"}]} if schema.get("x-nullable") is True else made


def validator(known: Schema, definition: str) -> Draft4Validator:
    """What says whether an answer is as the definition wants it."""
    schema = {"$ref": f"#/definitions/{definition}", "definitions": known}
    return Draft4Validator(schema, format_checker=FORMATS)
