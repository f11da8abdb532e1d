"""Clever's words for grades and subjects."""

GRADES = {
    "IT": "InfantToddler",
    "PR": "Preschool",
    "PK": "PreKindergarten",
    "TK": "TransitionalKindergarten",
    "KG": "Kindergarten",
    "PS": "PostGraduate",
    "UG": "Ungraded",
} | {f"{grade:02d}": str(grade) for grade in range(1, 14)}

SUBJECTS = (
    "english/language arts", "math", "science", "social studies", "language", "homeroom/advisory",
    "interventions/online learning", "technology and engineering", "PE and health", "arts and music", "other", "",
)  # fmt: skip


def grade_word(code: str) -> str:
    """Clever's word for a grade that is kept as OneRoster codes it."""
    word = GRADES.get(code.upper().zfill(2), "")
    return word or ("Other" if code else "")
