"""Clever's words for grades, and the CEDS codes that everybody else writes."""

CEDS = {
    "InfantToddler": "IT",
    "Preschool": "PR",
    "PreKindergarten": "PK",
    "TransitionalKindergarten": "TK",
    "Kindergarten": "KG",
    "PostGraduate": "PS",
    "Ungraded": "UG",
    "Other": "Other",
}


def ceds(word: str) -> str:
    """The CEDS code of Clever's word; a word that is not Clever's stays as it is."""
    return word.zfill(2) if word.isdecimal() else CEDS.get(word, word)
