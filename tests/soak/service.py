"""The rostering service of all districts of the soak: each is read as its truth and its fault of the hour say."""

from collections.abc import Mapping
from typing import Any, Protocol

from tests.soak.districts import Fault, Reading, Truth
from webapp.providers.errors import AccessWithdrawn, Unreachable
from webapp.providers.service import Access, SharedDistrict, SignIn, Tokens, Visitor


class Told(Protocol):
    """What the service knows of one district."""

    truth: Truth
    fault: Fault | None


class ManyDistricts:
    """A Service with as many customers as there are districts, by their authority."""

    key, label, roster_kind = "clever", "Clever", "user_id"

    def __init__(self, districts: Mapping[str, Told]) -> None:
        self._districts = districts
        self.silent = False
        """True while not even its table of districts can be read."""

    def configured(self) -> bool:
        return True

    def sign_in(self) -> SignIn:
        raise AssertionError("Nobody signs in to a roster that is held in memory.")

    def identify(self, tokens: Tokens, *, nonce: str) -> Visitor:
        raise AssertionError("Nobody signs in to a roster that is held in memory.")

    def districts(self) -> list[SharedDistrict]:
        if self.silent:
            raise Unreachable("no answer")
        return [SharedDistrict(one, f"token of {one}") for one in self._districts if self._lists(one)]

    def district_token(self, district: str) -> str:
        if not self._lists(district):
            raise AccessWithdrawn("The service no longer knows us.")
        return f"token of {district}"

    def reader(self, access: Access, **_more: Any) -> Reading:
        told = self._districts[access.district]
        return Reading(told.truth, told.fault)

    def _lists(self, district: str) -> bool:
        fault = self._districts[district].fault
        return fault is None or fault.listed
