"""Grades as people say them."""

SPOKEN = {"IT": "Infant", "PR": "Preschool", "PK": "Pre-K", "TK": "Transitional K", "KG": "K", "PS": "Postsecondary"}


def grade(code: str | None) -> str:
    """`9` for `09`, `K` for `KG`; a code that we don't know as it is."""
    known = SPOKEN.get((code or "").upper(), code or "")
    return known.lstrip("0") or known
