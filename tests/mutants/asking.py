"""Mutants of the manners of asking a service (safety.md REL-24 to REL-27)."""

from tests.mutants.mutant import Mutant

_WIRE = "webapp/providers/wire.py"
_LINE = "webapp/providers/line.py"
_ANSWERS = "webapp/providers/answers.py"
_API = "webapp/providers/clever/api.py"
_FEED = "webapp/providers/oneroster/feed.py"
_BY_WIRE = ("tests/providers/test_wire.py",)
_BY_ANSWERS = ("tests/providers/test_answers.py",)
_BY_CLEVER = ("tests/providers/test_clever_reader.py",)
_BY_READERS = ("tests/providers/test_readers.py",)
_SYNC = ("tests/actions/test_sync_connection.py",)

ASKING = [
    Mutant(
        "REL-24",
        "A service's time to return is not heard.",
        _WIRE,
        "capped(told_to_return(headers, now), now) if status in {429, 503} else None",
        "None",
        _BY_WIRE,
    ),
    Mutant(
        "REL-24",
        "A service may keep us away for ever.",
        "webapp/providers/waiting.py",
        "return moment and min(moment, now + LONGEST)",
        "return moment",
        ("tests/providers/test_waiting.py",),
    ),
    Mutant(
        "REL-24",
        "Syncs take the last of what may be asked.",
        _WIRE,
        "left_to_others: float = 0.1",
        "left_to_others: float = 0.0",
        _BY_WIRE,
    ),
    Mutant(
        "REL-25",
        "Refused credentials are trouble that passes.",
        _WIRE,
        "if status in {401, 403}:",
        "if False:",
        _BY_WIRE,
    ),
    Mutant(
        "REL-25",
        "Refused credentials are tried again and again.",
        _WIRE,
        "        if not isinstance(error, Failed):\n            return False",
        "        if not isinstance(error, Failed):\n            return isinstance(error, AccessWithdrawn)",
        _BY_WIRE,
    ),
    Mutant(
        "REL-25",
        "A refusal asks nobody for attention.",
        "webapp/actions/call_for_attention.py",
        '= "attention", run.reason, None',
        '= "connected", run.reason, None',
        _SYNC,
    ),
    Mutant(
        "REL-26",
        "A record that is not found stops Clever's run.",
        "webapp/providers/clever/reader.py",
        "            except NotShared:\n                continue",
        "            except NotShared:\n                raise",
        _BY_READERS,
    ),
    Mutant(
        "REL-26",
        "A 404 of Clever is never asked why.",
        _API,
        "        self.district()\n",
        "        return\n",
        _BY_CLEVER,
    ),
    Mutant(
        "REL-26",
        "A 404 of a roster server is never asked why.",
        _FEED,
        'self.get("orgs?limit=1")',
        "return",
        ("tests/providers/test_classroom.py",),
    ),
    Mutant(
        "REL-27",
        "A link may lead to another host.",
        "webapp/providers/links.py",
        "if origin(url) != origin(base) or not url.isascii():",
        "if False:",
        ("tests/providers/test_links.py",),
    ),
    Mutant("REL-27", "Any host is asked.", _WIRE, "if origin(url) not in self._origins:", "if False:", _BY_WIRE),
    Mutant("REL-27", "A page may be of any size.", _LINE, "if len(body) > most:", "if False:", _BY_WIRE),
    Mutant(
        "REL-27",
        "An answer may take ten minutes.",
        _LINE,
        "whole_seconds: float = 60.0",
        "whole_seconds: float = 600.0",
        _BY_WIRE,
    ),
    Mutant(
        "REL-27",
        "JSON may be nested to any depth.",
        _ANSWERS,
        "if _too_deep(answer.body, wire.limits.depth):",
        "if False:",
        _BY_ANSWERS,
    ),
    Mutant(
        "REL-27",
        "A sign-in's exchange follows redirects.",
        "webapp/providers/oauth.py",
        "allow_redirects=False",
        "allow_redirects=True",
        ("tests/providers/test_redirects_of_sign_ins.py",),
    ),
]
