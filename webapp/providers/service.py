"""What every rostering service can do for us. Clever and ClassLink each fill this in, in a folder of their own."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from webapp.roster.records import Person, Record, SectionOffer


@dataclass(frozen=True)
class SignIn:
    """How a service's sign-in differs from any other; the dance itself is in views/sign_in.py."""

    authorize_url: str
    token_url: str
    client_id: str
    client_secret: str
    scope: str
    client_auth: str
    """`client_secret_basic` or `client_secret_post`."""
    pkce: bool = True


@dataclass(frozen=True)
class Tokens:
    """What a service gives for a code. Neither is kept."""

    access: str = field(repr=False)
    id_token: str = field(default="", repr=False)
    """"" where the service gives none: Clever does only once its support has switched OpenID Connect on."""


@dataclass(frozen=True)
class Visitor:
    """Who the service says has just signed in. `subjects` is kind -> the service's id, the best first, never e-mail."""

    provider: str
    authority: str
    """Clever district id or ClassLink tenant id, as a string; empty for a Clever Library teacher."""
    subjects: dict[str, str]
    given_name: str
    family_name: str
    guardian: bool = False
    """True where the service calls them a parent. It only chooses words for somebody who is not let in."""


@dataclass(frozen=True)
class Access:
    """What reading one district takes: its id at the service, and its token ("": the service's table is asked)."""

    district: str
    token: str = ""


@dataclass(frozen=True)
class SharedDistrict:
    """A district that has authorised us, as the service's own table tells it."""

    district: str
    """Clever district id or ClassLink tenant id."""
    token: str
    name: str = ""
    """"" where the table does not say."""


@dataclass(frozen=True)
class Condition:
    """How the service says that the district's data are now."""

    settled: bool = True
    """False while they are frozen, half read in or known to be wrong: then an absence proves nothing."""
    sentence: str = ""
    """What people should know, in plain words without personal data: "Clever itself is paused until August 12."."""
    until: date | None = None


@dataclass(frozen=True)
class Changes:
    """What may have changed since a cursor: hints which sections to read anew, never data. `None` as a whole (see
    `RosterReader.changes`) means that the service cannot tell."""

    cursor: str
    """Where to go on from next time."""
    sections: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    around: frozenset[str] = frozenset()
    """Source ids of schools, terms and courses."""


class RosterReader(Protocol):
    """Reads one connection. Every method raises ProviderError rather than give a shorter answer.

    A page holds records of one kind or of several, in no promised order; it may be empty. References may dangle: people
    whom a section names and the service does not tell of are not invented. The same enrollment may come twice where
    the service keeps two rows for it; it is primary where either is.
    """

    @property
    def requests(self) -> int:
        """How many requests were sent so far."""

    def whole(self, on_restart: Callable[[], None] | None = None) -> Iterator[Sequence[Record]]:
        """Yield pages of everything shared: schools, terms, courses, sections, enrollments, people.

        Ends normally only when the service's own last page of every collection was read and its counts agree. Where the
        data move under the pull it calls `on_restart` (forget all pages so far) and begins anew, three pulls in all;
        without `on_restart` it raises IncompleteAnswer at once.
        """

    def sections(self, source_ids: Sequence[str]) -> Iterator[Sequence[Record]]:
        """Yield these sections with what they need: terms, courses, people, enrollments, the schools of all of them.

        Records may come twice. A section that the service no longer shares is simply not among them (checked: access
        is good, answer 404).
        """

    def condition(self) -> Condition:
        """How the district's data are now, in a request or two; settled where the service has no word for it."""

    def cursor(self) -> str:
        """Where the service's change feed stands now, taken BEFORE a full read; "" where there is no (usable) feed."""

    def changes(self, cursor: str) -> Changes | None:
        """What may have changed since that cursor; None where the feed has a hole, is off, or tells too much to be
        worth it: then only a full read says. Raises ProviderError as every method does."""

    def section_offers(self, person_source_id: str) -> list[SectionOffer]:
        """What this teacher could import, all sections that name her as a teacher, asked live. Raises NotShared where
        the service does not share her."""

    def person(self, source_id: str) -> Person:
        """One person's roster record with all roles. Raises NotShared where the district does not share it."""


class Service(Protocol):
    """One rostering service: how to sign in, and how to read."""

    key: str
    """`clever` or `classlink`: the word in URLs, settings and tables."""
    label: str
    """What people call it: `Clever`, `ClassLink`."""
    roster_kind: str
    """The kind of identity that roster records carry: `user_id` (Clever) or `sourced_id` (ClassLink)."""

    def configured(self) -> bool:
        """True where the settings switch this service on."""

    def sign_in(self) -> SignIn:
        """The data of its OAuth dance."""

    def identify(self, tokens: Tokens, *, nonce: str) -> Visitor:
        """Who has signed in, asked of the service in one or two requests. An id_token must be right in all that it
        says, and name the same person and this `nonce`; where there is none, the service's answer decides alone.

        Raises SignInRefused, Unreachable.
        """

    def districts(self) -> list[SharedDistrict]:
        """Every district that has authorised us, from the service's own table, read to its proven end. A table that
        is broken or cut raises ProviderError: who is missing here may be taken as disconnected."""

    def district_token(self, district: str) -> str:
        """The token for this district's roster as the service tells it now (Clever's token list; ClassLink's
        /applications). Raises AccessWithdrawn where the district has not authorised us."""

    def reader(
        self, access: Access, *, today: date | None = None, on_new_token: Callable[[str], None] | None = None
    ) -> RosterReader:
        """A reader of one district, for one thread; it renews a rotated token by itself and tells `on_new_token`.

        `today` is the district's own day: enrollments that ended before it are left out (today in UTC if not given).
        """
