"""Mutants of whether a fetch is whole and of one piece (safety.md REL-1, REL-28)."""

from tests.mutants.mutant import Mutant

_ANSWERS = "webapp/providers/answers.py"
_LISTING = "webapp/providers/clever/listing.py"
_API = "webapp/providers/clever/api.py"
_PAGING = "webapp/providers/oneroster/paging.py"
_TALLY = "webapp/providers/oneroster/tally.py"
_FEED = "webapp/providers/oneroster/feed.py"
_BY_KIND = ("tests/providers/test_right_kind_of_page.py",)
_BY_ANSWERS = ("tests/providers/test_answers.py",)
_BY_LISTING = ("tests/providers/test_clever_listing.py",)
_BY_PAGING = ("tests/providers/test_oneroster_paging.py",)
_BY_CLEVER = ("tests/providers/test_clever_reader.py",)
_SYNC = ("tests/actions/test_sync_connection.py",)
_BELIEVE = """
    def believed(pages: object) -> object:
        try:
            yield from pages
        except Unreachable:
            pass

    for number, page in enumerate(believed(pages), 1):"""

FETCHING = [
    Mutant(
        "REL-1",
        "Pages of another district are believed where nothing counts them.",
        "webapp/providers/oneroster/credible.py",
        'raise Drift("The roster server sent records that do not belong together.")',
        "return",
        ("tests/providers/test_oneroster_tenants.py",),
    ),
    Mutant(
        "REL-1",
        "A fetch that broke off is believed.",
        "webapp/actions/sync_connection.py",
        "    for number, page in enumerate(pages, 1):",
        _BELIEVE,
        _SYNC,
    ),
    Mutant(
        "REL-1",
        "A service that pauses proves who is gone.",
        "webapp/actions/plan.py",
        "            if fetched.condition.settled:\n",
        "            if True:\n",
        ("tests/actions/test_condition.py",),
    ),
    Mutant(
        "REL-1",
        "Clever's last page is its word.",
        _LISTING,
        'more = last != "" and _more(ask, url, before, last)',
        "more = False",
        _BY_LISTING,
    ),
    Mutant("REL-1", "Clever's list may lead back.", _LISTING, "if walk.url in asked:", "if False:", _BY_LISTING),
    Mutant(
        "REL-1",
        "A collection that Clever does not know is empty.",
        _API,
        'raise IncompleteAnswer(f"Clever does not answer for {path}.") from error',
        "return",
        _BY_CLEVER,
    ),
    Mutant(
        "REL-1",
        "Clever's records of others are believed.",
        _API,
        '} - {"", self._district}:',
        "} - {text(row.district) for row in rows}:",
        _BY_CLEVER,
    ),
    Mutant(
        "REL-1", "Another record than was asked for is believed.", _API, "if row.id != id_:", "if False:", _BY_CLEVER
    ),
    Mutant(
        "REL-1",
        "OneRoster's first page is all.",
        _TALLY,
        "return self._ended if self.total is None else self.known == self.total",
        "return True",
        _BY_PAGING,
    ),
    Mutant(
        "REL-1",
        "OneRoster's total is its word.",
        _PAGING,
        "yield from walk.pages()\n    walk.prove_the_end()",
        "yield from walk.pages()",
        _BY_PAGING,
    ),
    Mutant(
        "REL-1",
        "A round page is whole.",
        _TALLY,
        "return self._pages > 1 or (self.known > 0 and self.known % CAP == 0)",
        "return False",
        _BY_PAGING,
    ),
    Mutant(
        "REL-1",
        "A collection that OneRoster does not know is empty.",
        _FEED,
        'raise IncompleteAnswer(f"The roster server does not answer for {path}.") from error',
        "return",
        _BY_PAGING,
    ),
    Mutant(
        "REL-1",
        "An answer may lack its list.",
        "webapp/providers/clever/records.py",
        "    data: list[One[Row]]\n    links",
        "    data: list[One[Row]] = []\n    links",
        _BY_KIND,
    ),
    Mutant(
        "REL-1",
        "Any answer is JSON.",
        _ANSWERS,
        'if "json" not in answer.headers.get("Content-Type", "json"):',
        "if False:",
        _BY_KIND,
    ),
    Mutant(
        "REL-1", "Text that is broken passes.", _ANSWERS, "if not _is_utf_8(answer.body):", "if False:", _BY_ANSWERS
    ),
    Mutant("REL-28", "Ids that go back are no drift.", _LISTING, "if id_ <= self.last:", "if False:", _BY_LISTING),
    Mutant(
        "REL-28",
        "Of two records of one id the first is taken.",
        _LISTING,
        "if kept.setdefault(row.id, row) != row:",
        "if kept.setdefault(row.id, row) is None:",
        _BY_LISTING,
    ),
    Mutant(
        "REL-28",
        "A wrong count is no drift.",
        _TALLY,
        "if page.count is not None and page.count != len(page.rows):",
        "if False:",
        _BY_PAGING,
    ),
    Mutant(
        "REL-28",
        "A new revision is no drift.",
        _FEED,
        "if self.revision and revision and revision != self.revision:",
        "if False:",
        _BY_PAGING,
    ),
    Mutant(
        "REL-28",
        "A pull that was disturbed is never repeated.",
        "webapp/providers/drift.py",
        "PULLS = 3",
        "PULLS = 1",
        _BY_PAGING,
    ),
    Mutant(
        "REL-28",
        "Pages from before the drift are kept.",
        "webapp/store/staging.py",
        'connection.execute(text("truncate " + ", ".join([*names, "set_aside"])))',
        "pass",
        _SYNC,
    ),
]
