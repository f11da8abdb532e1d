"""Secrets at rest (SEC-27)."""

import pytest
from cryptography.fernet import Fernet

from webapp.store.seal import SealBroken, seal, unseal, use_keys

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


def test_SEC_27_what_was_sealed_opens_at_its_place():
    use_keys(OLD)
    assert unseal(seal("token", "district-1", "clever", "roster"), "district-1", "clever", "roster") == "token"


def test_SEC_27_a_sealed_value_is_useless_in_another_tenant_or_for_another_purpose():
    use_keys(OLD)
    sealed = seal("token", "district-1", "clever", "roster")
    for place in (("district-2", "clever", "roster"), ("district-1", "classlink", "roster"), ("district-1", "clever")):
        with pytest.raises(SealBroken):
            unseal(sealed, *place)


def test_SEC_27_a_changed_value_does_not_open():
    use_keys(OLD)
    sealed = seal("token", "place")
    flipped = sealed[:40] + ("A" if sealed[40] != "A" else "B") + sealed[41:]
    with pytest.raises(SealBroken):
        unseal(flipped, "place")


def test_SEC_27_a_new_key_in_front_opens_what_the_old_one_sealed():
    use_keys(OLD)
    sealed = seal("token", "place")
    use_keys(f"{NEW},{OLD}")
    assert unseal(sealed, "place") == "token"
    use_keys(NEW)
    with pytest.raises(SealBroken):
        unseal(sealed, "place")
