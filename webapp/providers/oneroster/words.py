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


def grade(word: str) -> str:
    """A grade's CEDS code, with the leading zero that spreadsheets lose; free text stays."""
    return word.zfill(2) if word.isdecimal() else word
