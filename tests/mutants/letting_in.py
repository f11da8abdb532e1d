"""Mutants of signing in, invitations and sessions (safety.md SEC-1 to SEC-12)."""

from tests.mutants.mutant import Mutant

_ATTEMPTS, _SIGN_IN, _SESSION = "webapp/actions/attempts.py", "webapp/views/sign_in.py", "webapp/views/session.py"
_TOKEN, _SEAT = "webapp/providers/id_token.py", "webapp/store/questions/sign_ins.py"
_DANCE, _TOKENS = ("tests/views/test_sign_in.py",), ("tests/providers/test_id_token.py",)
_LOGINS, _INVITED = ("tests/views/test_log_in.py",), ("tests/views/test_invitations.py",)
_TAKEN = "                SignInAttempt.taken_at.is_(None),\n"
_YOUNG = "                SignInAttempt.made_at > now - LIFE,\n"
_KNOWN = "        known = known_visitor(session, visitor.provider, visitor.authority, visitor.subjects)\n"

LETTING_IN = [
    Mutant(
        "SEC-1",
        "A state is good in any browser.",
        _ATTEMPTS,
        "SignInAttempt.browser_hash == digest(browser),\n                SignInAttempt.provider == provider,\n"
        + _TAKEN,
        "SignInAttempt.provider == provider,\n" + _TAKEN,
        _DANCE,
    ),
    Mutant(
        "SEC-1",
        "A state is good at any service.",
        _ATTEMPTS,
        "                SignInAttempt.provider == provider,\n" + _TAKEN,
        _TAKEN,
        _DANCE,
    ),
    Mutant("SEC-1", "A state is good again and again.", _ATTEMPTS, _TAKEN + _YOUNG, _YOUNG, _DANCE),
    Mutant("SEC-1", "A state is good for ever.", _ATTEMPTS, _TAKEN + _YOUNG, _TAKEN, _DANCE),
    Mutant(
        "SEC-2",
        "A browser is sent back without end.",
        _SIGN_IN,
        "if goes_in_circles(browser_mark(), now=utc_now()):",
        "if False:",
        _DANCE,
    ),
    Mutant("SEC-3", "A sign-in before goes on.", _SESSION, "    leave_session()\n    cookie", "    cookie", _DANCE),
    Mutant("SEC-4", "Any issuer may answer.", _SIGN_IN, "or not _came_from(service.sign_in())", "", _DANCE),
    Mutant("SEC-5", "A token of any issuer is believed.", _TOKEN, "claims.iss in expected.issuers", "True", _TOKENS),
    Mutant(
        "SEC-5",
        "A token for another application is believed.",
        _TOKEN,
        '"aud": ours in audiences',
        '"aud": True',
        _TOKENS,
    ),
    Mutant(
        "SEC-5",
        "A token handed on by another is believed.",
        _TOKEN,
        "claims.azp == ours or (claims.azp is None and len(audiences) == 1)",
        "True",
        _TOKENS,
    ),
    Mutant(
        "SEC-5", "A token of another sign-in is believed.", _TOKEN, "claims.nonce == expected.nonce", "True", _TOKENS
    ),
    Mutant("SEC-5", "A token that is over is believed.", _TOKEN, "claims.exp > now - LEEWAY", "True", _TOKENS),
    Mutant(
        "SEC-5",
        "A token chooses how it is checked.",
        _TOKEN,
        'ALGORITHMS = ["RS256"]',
        'ALGORITHMS = ["RS256", "HS256", "PS256", "RS512", "ES256", "none"]',
        _TOKENS,
    ),
    Mutant("SEC-5", "A token brings its own key.", _TOKEN, "if header.keys() & KEYS_OF_ITS_OWN:", "if False:", _TOKENS),
    Mutant("SEC-5", "A token may be of any length.", _TOKEN, "len(id_token) > LONGEST or ", "", _TOKENS),
    Mutant(
        "SEC-6",
        "Equal ids of two districts are one person.",
        "webapp/store/questions/people.py",
        "Identity.provider == provider, Identity.authority == authority, Identity.valid_to.is_(None), one_of",
        "Identity.provider == provider, Identity.valid_to.is_(None), one_of",
        _DANCE,
    ),
    Mutant(
        "SEC-7",
        "Somebody is found by e-mail.",
        "webapp/actions/enter.py",
        _KNOWN,
        _KNOWN
        + "        from webapp.store.questions.people import password_login\n"
        + "        known = known or password_login(session, roster_record(visitor, services).email)\n",
        _DANCE,
    ),
    Mutant(
        "SEC-8",
        "An old sign-in may be linked.",
        _SIGN_IN,
        "if not signed_in_lately():",
        "if False:",
        ("tests/views/test_link.py",),
    ),
    Mutant(
        "SEC-8",
        "Other sign-ins outlive a link.",
        "webapp/actions/link_identity.py",
        "        end_all_sign_ins(session, who, now=now)\n",
        "",
        ("tests/views/test_link.py",),
    ),
    Mutant(
        "SEC-9",
        "An invitation is good again and again.",
        "webapp/store/questions/invitations.py",
        "and_(Invitation.accepted_at.is_(None), ",
        "and_(",
        ("tests/actions/test_invitation_is_good_once.py",),
    ),
    Mutant(
        "SEC-9",
        "An invitation is kept in the clear.",
        "webapp/store/tokens.py",
        "return hashlib.sha256(token.encode()).hexdigest()",
        "return token",
        _INVITED,
    ),
    Mutant(
        "SEC-9",
        "Somebody of another district accepts.",
        "webapp/actions/accept_invitation.py",
        "if connected is None or connected[0] != district_id or (known and known.district_id != district_id):",
        "if False:",
        _INVITED,
    ),
    Mutant(
        "SEC-10",
        "An unknown address costs no hash.",
        "webapp/actions/passwords.py",
        "self.hasher.verify(kept or self._nobodys, password) and kept is not None",
        "kept is not None and self.hasher.verify(kept, password)",
        _LOGINS,
    ),
    Mutant(
        "SEC-11",
        "A cookie outlives its log-out.",
        _SESSION,
        "        end_sign_in(cookie, now=utc_now())\n",
        "        pass\n",
        _LOGINS,
    ),
    Mutant(
        "SEC-11", "A sign-in lives while nobody is there.", _SEAT, "        SignIn.seen_at > now - IDLE,\n", "", _LOGINS
    ),
    Mutant("SEC-11", "A sign-in lives for days.", _SEAT, "        SignIn.made_at > now - LONGEST,\n", "", _LOGINS),
    Mutant("SEC-12", "Who was switched off goes on.", _SEAT, "    Account.disabled_at.is_(None),\n", "", _LOGINS),
    Mutant(
        "SEC-12",
        "Whom the roster switched off goes on.",
        _SEAT,
        "    ~switched_off_there(Account.id, SignIn.provider),\n",
        "",
        ("tests/actions/test_switched_off_in_the_roster.py",),
    ),
]
