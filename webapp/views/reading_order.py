"""The order in which people look for names; the database's own collation knows only code points."""

import re
import unicodedata

from webapp.store.questions.classes import OnRoster

UNDIVIDED = str.maketrans("ĐđØøŁłĦħı", "DdOoLlHhi")
"""Letters whose mark Unicode does not take off, so that they would stand after Z."""


def letters(text: str) -> str:
    """A name without accents, case and marks: Álvarez stands beside Alvarez, and O'Connor before Okafor."""
    parts = unicodedata.normalize("NFKD", text.translate(UNDIVIDED))
    return "".join(part for part in parts if part.isalnum() or part.isspace()).casefold()


def by_period(period: str) -> tuple[bool, tuple[tuple[int, str], ...]]:
    """A key by which Period 2 comes before Period 10, and classes without a period come last."""
    parts = [part for part in re.split(r"(\d+)", letters(period)) if part]
    return not parts, tuple((int(part), "") if part.isdecimal() else (-1, part) for part in parts)


def by_family_name(people: list[OnRoster]) -> list[OnRoster]:
    """People as a class list has them: family name, then given name."""
    return sorted(people, key=lambda person: (letters(person.family_name), letters(person.given_name)))
