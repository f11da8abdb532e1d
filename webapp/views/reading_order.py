"""The order in which people look for names; the database's own collation knows only code points."""

import re
import unicodedata

from webapp.store.questions.classes import OnRoster


def letters(text: str) -> str:
    """A name without accents and case, so that Álvarez stands beside Alvarez."""
    parts = unicodedata.normalize("NFKD", text)
    return "".join(part for part in parts if not unicodedata.combining(part)).casefold()


def numbers_count(text: str) -> tuple[tuple[int, str], ...]:
    """A key by which Period 2 comes before Period 10."""
    return tuple((int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", letters(text)) if part)


def by_family_name(people: list[OnRoster]) -> list[OnRoster]:
    """People as a class list has them: family name, then given name."""
    return sorted(people, key=lambda person: (letters(person.family_name), letters(person.given_name)))
