"""Switches of a district: what it allows, and which oddity a service shows for it. Each says what it does, and whence.

A switch is a field of a service's doors (`clever/doors.py`, `classlink/doors.py`), declared here so that the sandbox's
page and its steering find it by themselves.
"""

from collections.abc import Iterator
from dataclasses import Field, dataclass, field, fields
from typing import Any, TypeVar

Value = TypeVar("Value", bound=bool | int | str)


@dataclass(frozen=True)
class Shown:
    """A switch as the page shows it: name, sentence, kind of control and its value now."""

    name: str
    says: str
    kind: str
    """`flag`, `number`, `choice` or `text`."""
    choices: tuple[str, ...]
    value: Any


class WrongSwitch(Exception):
    """There is no such switch, or it cannot have this value."""


def switch(default: Value, says: str, *, choices: tuple[str, ...] = ()) -> Value:
    """A field of a district's doors that can be set from outside; a number of 0 and a text of "" mean "off"."""
    found: Value = field(default=default, metadata={"says": says, "choices": choices})
    return found


def switches_of(doors: object) -> Iterator[Field[Any]]:
    """The switches among the fields of a service's doors."""
    return (one for one in fields(doors) if "says" in one.metadata)  # type: ignore[arg-type]


def shown(doors: object) -> list[Shown]:
    """Every switch of a service's doors, for the page."""
    return [
        Shown(
            one.name,
            one.metadata["says"],
            kind_of(one),
            one.metadata["choices"],
            getattr(doors, one.name),
        )
        for one in switches_of(doors)
    ]


def kind_of(one: Field[Any]) -> str:
    """The sort of control that suits a switch."""
    if isinstance(one.default, bool):
        return "flag"
    if isinstance(one.default, int):
        return "number"
    return "choice" if one.metadata["choices"] else "text"


def set_switch(doors: object, name: str, value: object) -> bool:
    """Set one switch, given as JSON or as a form's text; False where these doors have none of that name."""
    one = next((one for one in switches_of(doors) if one.name == name), None)
    if one is None:
        return False
    setattr(doors, name, read(one, value))
    return True


def read(one: Field[Any], value: object) -> bool | int | str:
    """The value as the switch's own kind. Raises WrongSwitch."""
    kind = kind_of(one)
    text = "" if value is None else str(value)
    if kind == "flag":
        return text.lower() in ("true", "1", "on", "yes")
    if kind == "number":
        if text and not text.lstrip("-").isdigit():
            raise WrongSwitch(f"{one.name} is a number")
        return int(text or 0)
    if text and kind == "choice" and text not in one.metadata["choices"]:
        raise WrongSwitch(f"{one.name} is one of: {', '.join(one.metadata['choices'])}")
    return text
