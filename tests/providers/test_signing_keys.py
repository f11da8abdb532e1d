"""How long a service's public keys are believed, and how often they are asked for."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from joserfc.jwk import RSAKey

from tests.providers.signer import new_key
from webapp.providers.errors import NotShared, ProviderError, Unreachable
from webapp.providers.signing_keys import FRESH_SECONDS, SILENT_SECONDS, UNKNOWN_SECONDS, SigningKeys


@dataclass
class Listing:
    """A list of keys, read by a clock that a test sets."""

    keys: list[RSAKey] = field(default_factory=lambda: [new_key()])
    trouble: ProviderError | None = None
    readings: int = 0
    now: float = 1_000.0

    def read(self) -> Sequence[RSAKey]:
        self.readings += 1
        if self.trouble:
            raise self.trouble
        return list(self.keys)

    def kept(self) -> SigningKeys:
        return SigningKeys(self.read, lambda: self.now)


def test_keys_are_read_anew_after_some_minutes() -> None:
    listing = Listing()
    kept = listing.kept()
    assert [key.kid for key in kept.called("k1")] == ["k1"]
    listing.now += FRESH_SECONDS - 1
    kept.called("k1")
    assert listing.readings == 1
    listing.now += 1
    listing.keys.clear()
    assert kept.called("k1") == []
    assert listing.readings == 2


def test_an_unknown_key_is_looked_for_once_in_a_while() -> None:
    listing = Listing()
    kept = listing.kept()
    kept.called("k1")
    assert [kept.called("k2"), kept.called("k3")] == [[], []]
    assert listing.readings == 2
    listing.keys.append(new_key("k2"))
    assert kept.called("k2") == []
    listing.now += UNKNOWN_SECONDS
    assert [key.kid for key in kept.called("k2")] == ["k2"]


def test_keys_that_could_not_be_read_are_not_asked_for_by_everybody_who_waits() -> None:
    listing = Listing(trouble=NotShared("not here"))
    kept = listing.kept()
    for _ in range(3):
        with pytest.raises(Unreachable):
            kept.called("k1")
    assert listing.readings == 1
    listing.trouble = None
    listing.now += SILENT_SECONDS
    assert kept.called("k1")


def test_a_token_that_names_no_key_may_be_any_keys() -> None:
    listing = Listing([new_key("a"), new_key("b")])
    assert len(listing.kept().called(None)) == 2
