"""Mutants of the guard, of holds and of their approval (safety.md REL-2 to REL-11)."""

from tests.mutants.mutant import Mutant

_RULES, _THRESHOLDS = "webapp/roster/guard.py", "webapp/roster/thresholds.py"
_PLAN, _HOLDING, _REMOVALS = "webapp/actions/plan.py", "webapp/store/holding.py", "webapp/store/removals.py"
_TABLE, _OWN_LIMITS = ("tests/roster/test_guard.py",), ("tests/roster/test_thresholds.py",)
_EXCHANGED = ("tests/roster/test_exchanged.py",)
_HOLDS, _CHURN = ("tests/actions/test_holds.py",), ("tests/actions/test_identity_churn.py",)
_AGAIN = ("tests/actions/test_second_look.py",)
_DECIDING = "webapp/views/deciding.py"
_PAGES = ("tests/views/test_holds.py",)
_CALL = "webapp/actions/call_for_attention.py"
_GIVEN_UP = ("tests/actions/test_call_for_attention.py", "tests/actions/test_given_up_runs.py")
_DEATH = ("tests/actions/test_sync_review.py",)

GUARDING = [
    Mutant("REL-2", "Nobody is looked up once more.", _PLAN, "if not fetched.looked_again and", "if False and", _AGAIN),
    Mutant(
        "REL-2", "Who is found again goes all the same.", "webapp/actions/look_again.py", "stage.take_in()", "", _AGAIN
    ),
    Mutant("REL-2", "What was not looked up goes.", _PLAN, "dict.fromkeys(unseen, NOT_LOOKED_UP)", "{}", _AGAIN),
    Mutant("REL-3", "No removal is ever too many.", _RULES, "return removed >= least and", "return False and", _TABLE),
    Mutant("REL-3", "A share below the limit waits.", _RULES, "> share * known", "> 0.9 * share * known", _TABLE),
    Mutant(
        "REL-3",
        "The very share waits.",
        _RULES,
        "removed * 100 > share * known",
        "removed * 100 >= share * known",
        _TABLE,
    ),
    Mutant("REL-3", "A few records wait, too.", _RULES, "return removed >= least and", "return", _TABLE),
    Mutant(
        "REL-3", "The least number itself may go.", _RULES, "return removed >= least", "return removed > least", _TABLE
    ),
    Mutant("REL-3", "A hundred records count as few.", _RULES, "known < SMALL", "known <= SMALL", _TABLE),
    Mutant("REL-3", "Few records are judged as many.", _RULES, "small = known < SMALL", "small = False", _TABLE),
    Mutant("REL-3", "No number is few.", _RULES, "known < SMALL\n", "known < SMALL - 1\n", _TABLE),
    Mutant(
        "REL-3",
        "A strict district holds every teacher.",
        _THRESHOLDS,
        "max(share, DEFAULT.small_share)",
        "share",
        _OWN_LIMITS,
    ),
    Mutant("REL-3", "What a type's hold names is not held.", _HOLDING, "or role = any(:roles) ", "", _HOLDS),
    Mutant(
        "REL-3",
        "A type's hold holds the others.",
        _HOLDING,
        "or role = any(:roles)",
        "or cardinality(:roles) > 0",
        _HOLDS,
    ),
    Mutant(
        "REL-3",
        "Places in classes whose term is over count.",
        _REMOVALS,
        "\n  and not exists (select from in_play o where o.class_id = n.class_id and o.term_ended_on is not null)",
        "",
        ("tests/actions/test_ended_terms.py",),
    ),
    Mutant(
        "REL-3",
        "Classes whose term is over count.",
        _REMOVALS,
        "\n  and not exists (select from in_play o where o.class_id = s.class_id and o.term_ended_on is not null)",
        "",
        ("tests/actions/test_ended_terms.py",),
    ),
    Mutant(
        "REL-4",
        "A type may become empty.",
        _RULES,
        "if counts.removed and counts.known -",
        "if 1 < counts.known -",
        _TABLE,
    ),
    Mutant("REL-4", "Any number of people may go.", _RULES, "if removed > MANY_PEOPLE and", "if False and", _TABLE),
    Mutant("REL-4", "Five hundred people wait.", _RULES, "removed > MANY_PEOPLE", "removed >= MANY_PEOPLE", _TABLE),
    Mutant("REL-4", "A hundredth of very many waits.", _RULES, " and removed * 100 > PEOPLE_SHARE * known", "", _TABLE),
    Mutant(
        "REL-4",
        "Teachers are not counted as people.",
        _RULES,
        'PEOPLE = ("student", "teacher")',
        'PEOPLE = ("student",)',
        _TABLE,
    ),
    Mutant(
        "REL-5",
        "Exchanged people are not noticed.",
        _RULES,
        'held_classes, "; ".join(churn))',
        'held_classes, "")',
        _CHURN,
    ),
    Mutant(
        "REL-5", "Three quarters with another name wait.", _RULES, "> CHANGED_SHARE *", ">= CHANGED_SHARE *", _EXCHANGED
    ),
    Mutant(
        "REL-5", "All may be new.", _RULES, "if FEW_PEOPLE <= counts.known ==", "if 0 > counts.known ==", _EXCHANGED
    ),
    Mutant(
        "REL-5",
        "Many may go while many others come.",
        _RULES,
        "if DEFAULT.held(counts.known, counts.removed) and",
        "if False and",
        _EXCHANGED,
    ),
    Mutant(
        "REL-5",
        "The rest of an exchange is applied.",
        _PLAN,
        "self._nothing = self._held > 0",
        "self._nothing = False",
        _CHURN,
    ),
    Mutant(
        "REL-5",
        "Approving some removals approves an exchange.",
        _PLAN,
        "self._run.approved_run if self._run.approved_whole else None",
        "self._run.approved_run",
        _CHURN,
    ),
    Mutant(
        "REL-6", "A class may lose everybody.", _RULES, "if counts.removed >= CLASS_LEAST and", "if False and", _TABLE
    ),
    Mutant("REL-6", "A class that loses a half waits.", _RULES, "> CLASS_SHARE *", ">= CLASS_SHARE *", _TABLE),
    Mutant("REL-6", "Four students wait.", _RULES, "CLASS_LEAST = 5", "CLASS_LEAST = 4", _TABLE),
    Mutant("REL-6", "A class's verdict holds nothing.", _HOLDING, "[*verdict.held_classes, ", "[", _HOLDS),
    Mutant(
        "REL-7",
        "Who is new waits with a hold.",
        _PLAN,
        "        if self._nothing:\n",
        "        if self._held:\n",
        _HOLDS,
    ),
    Mutant(
        "REL-8",
        "An old sign-in may decide.",
        _DECIDING,
        "return None if signed_in_lately() else ",
        "return None if True else ",
        _PAGES,
    ),
    Mutant("REL-8", "Whoever sees a hold may decide.", _DECIDING, "if not sight.decides:", "if False:", _PAGES),
    Mutant(
        "REL-8",
        "An old sign-in may take a run back.",
        "webapp/views/runs.py",
        'must_log_in_again(opened.sight, url_for(".undo", run_id=run_id))',
        "None",
        ("tests/views/test_runs.py",),
    ),
    Mutant(
        "REL-9",
        "An approval is bound to no list.",
        "webapp/actions/decide_hold.py",
        "if plan_hash is not None and",
        "if False and",
        _HOLDS,
    ),
    Mutant(
        "REL-9",
        "One approved removal approves all.",
        _HOLDING,
        "\n                  and h.class_id = p.class_id and h.account_id = p.account_id and h.record_id = p.role)",
        ")",
        _HOLDS,
    ),
    Mutant(
        "REL-9",
        "Who dies with an approval has it still.",
        _HOLDING,
        "update sync_run set approved_at = null where",
        "update sync_run set approved_at = approved_at where",
        _DEATH,
    ),
    Mutant(
        "REL-10",
        "A raised threshold stays.",
        _THRESHOLDS,
        "if until is not None and now >= until:",
        "if False:",
        _OWN_LIMITS,
    ),
    Mutant("REL-10", "It falls back too late.", _THRESHOLDS, "now >= until:", "now > until:", _OWN_LIMITS),
    Mutant(
        "REL-10",
        "It falls back too far.",
        _THRESHOLDS,
        'int(kept.get("before", DEFAULT.share))',
        "DEFAULT.share",
        _OWN_LIMITS,
    ),
    Mutant(
        "REL-10",
        "A hold stays although the data returned.",
        "webapp/store/questions/runs.py",
        'values(state="superseded")',
        'values(state="held")',
        _HOLDS,
    ),
    Mutant(
        "REL-11",
        "The same hold writes a letter each night.",
        "webapp/actions/settle_run.py",
        "if settled.held and not told_before:",
        "if settled.held:",
        ("tests/actions/test_run_letters.py",),
    ),
    Mutant(
        "REL-11",
        "A run given up is told every time.",
        _CALL,
        "if not told_of_cause(session, connection.id, cause, since):",
        "if True:",
        _GIVEN_UP,
    ),
    Mutant(
        "REL-11",
        "A run given up tells nobody.",
        "webapp/actions/sweep.py",
        "call_for_attention(session, run, Cause.BROKE_OFF, now)",
        "pass",
        _GIVEN_UP,
    ),
    Mutant(
        "REL-11",
        "What one letter told silences another cause.",
        "webapp/store/questions/deciders.py",
        'OutboxLetter.ids["cause"].astext == cause,',
        "",
        _GIVEN_UP,
    ),
    Mutant(
        "REL-11",
        "One failed import marks the whole connection.",
        _CALL,
        "return cause is Cause.REFUSED or run.scope is None",
        "return True",
        _GIVEN_UP,
    ),
]
