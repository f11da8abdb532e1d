"""How OneRoster servers write lists, flags and grades, and how we read them."""

from webapp.providers.answers import Text, text
from webapp.providers.oneroster.records import Words


def words(value: Words) -> tuple[str, ...]:
    """The words of a list; one string counts as a list of one."""
    values = value if isinstance(value, list) else [value]
    return tuple(word for one in values if (word := text(one)))


def flag(value: Text) -> bool:
    """True for true, "true" and 1, in whatever capitals."""
    return text(value).lower() in {"true", "1"}


def denied(value: Text) -> bool:
    """True for false, "false" and 0: what is not told is not denied."""
    return text(value).lower() in {"false", "0"}


def grade(word: str) -> str:
    """A grade's CEDS code, with the leading zero that spreadsheets lose; free text stays."""
    return word.zfill(2) if word.isdecimal() else word


def parts(value: Words) -> tuple[str, ...]:
    """The words of a list, or of one string with commas in place of it."""
    return tuple(part for word in words(value) for one in word.split(",") if (part := one.strip()))
