"""Mutants of what a good fetch may conclude (safety.md REL-29 to REL-33)."""

from tests.mutants.mutant import Mutant

_SET_ASIDE = ("tests/actions/test_set_aside.py",)
_KEYS = ("tests/actions/test_keys_of_people.py",)
_BLACKOUT = ("tests/actions/test_set_blackout.py",)

CONCLUDING = [
    Mutant(
        "REL-29",
        "One text that cannot be stored stops the district.",
        "webapp/store/staging.py",
        "kept = [row for row in rows if _storable(row)]",
        "kept = rows",
        _SET_ASIDE,
    ),
    Mutant(
        "REL-29",
        "Whose record was set aside is taken out of the class.",
        "webapp/store/comparison.py",
        "where p.class_id = n.class_id and p.account_id = n.account_id and p.role = n.role);\ncreate index",
        "where false);\ncreate index",
        _SET_ASIDE,
    ),
    Mutant(
        "REL-29",
        "Of a person told twice the first word counts.",
        "webapp/store/contradictions.py",
        "join concerned c on c.person_source_id = p.source_id) told\ngroup by source_id having count(*) > 1",
        "join concerned c on c.person_source_id = p.source_id) told\ngroup by source_id having count(*) > 9",
        _SET_ASIDE,
    ),
    Mutant(
        "REL-29",
        "Somebody without a name joins a class.",
        "webapp/store/contradictions.py",
        "where p.given_name = '' and p.family_name = '';",
        "where false;",
        _SET_ASIDE,
    ),
    Mutant(
        "REL-29",
        "A student turns teacher.",
        "webapp/store/contradictions.py",
        "where (was.student and p.roles <>",
        "where (false and p.roles <>",
        _SET_ASIDE,
    ),
    Mutant(
        "REL-30",
        "Who has the number of somebody known is that person.",
        "webapp/store/comparison.py",
        "and i.subject = p.source_id and i.valid_to is null",
        "and i.valid_to is null and (i.subject = p.source_id or i.account_id in (\n"
        "    select id from account where sis_id = p.sis_id))",
        _KEYS,
    ),
    Mutant(
        "REL-30",
        "Who has the e-mail address of somebody known is that person.",
        "webapp/store/comparison.py",
        "and i.subject = p.source_id and i.valid_to is null",
        "and i.valid_to is null and (i.subject = p.source_id or i.account_id in (\n"
        "    select id from account where roster_email = p.roster_email))",
        _KEYS,
    ),
    Mutant(
        "REL-31",
        "A feed that lost events is believed.",
        "webapp/providers/clever/events.py",
        "if self._has_hole(mark):",
        "if False:",
        ("tests/providers/test_clever_events.py",),
    ),
    Mutant(
        "REL-31",
        "A change in the last ten minutes is missed.",
        "webapp/providers/oneroster/changes.py",
        "MARGIN = timedelta(minutes=10)",
        "MARGIN = timedelta(0)",
        ("tests/providers/test_oneroster_changes.py",),
    ),
    Mutant(
        "REL-32",
        "A blackout is not heeded.",
        "webapp/actions/open_run.py",
        "if first is None or last is None or not first <= today <= last:",
        "if True:",
        _BLACKOUT,
    ),
    Mutant(
        "REL-32",
        "Its last day is none of it.",
        "webapp/actions/open_run.py",
        "first <= today <= last",
        "first <= today < last",
        _BLACKOUT,
    ),
    Mutant(
        "REL-32",
        "A blackout archives.",
        "webapp/store/absences.py",
        "('frozen', 'archived', 'agreed')",
        "('frozen', 'agreed')",
        _BLACKOUT,
    ),
    Mutant(
        "REL-33",
        "Operators are told every ten minutes.",
        "webapp/actions/alarm_operators.py",
        "told = _told_lately(session, now)",
        "told = set[str]()",
        ("tests/actions/test_alarm_operators.py",),
    ),
    Mutant(
        "REL-33",
        "The alarm comes after four days.",
        "webapp/store/questions/health.py",
        "LATE = timedelta(hours=36)",
        "LATE = timedelta(hours=96)",
        ("tests/actions/test_alarm_operators.py",),
    ),
]
