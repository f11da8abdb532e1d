"""Consuming an invitation is one statement, so that of two who do it at once one is refused (SEC-9)."""

from datetime import timedelta

import pytest
from cryptography.fernet import Fernet

from tests.factory import NOW
from webapp.actions.accept_invitation import consume
from webapp.actions.create_license import Created, LicenseOrder, create_license
from webapp.actions.refusals import ExpiredInvitation, UsedInvitation
from webapp.store import seal
from webapp.store.database import tenant


@pytest.fixture
def made(database_url: str) -> Created:
    """A license, and its admin's invitation."""
    seal.use_keys(Fernet.generate_key().decode())
    return create_license(LicenseOrder("Maple Schools", 100, "admin@school.example"), now=NOW)


def test_SEC_9_an_invitation_is_consumed_once(made: Created):
    with tenant(made.district_id) as session:
        consume(session, made.invitation.invitation_id, NOW)
    with pytest.raises(UsedInvitation), tenant(made.district_id) as session:
        consume(session, made.invitation.invitation_id, NOW)


def test_SEC_9_an_invitation_that_is_too_old_is_not_consumed(made: Created):
    with pytest.raises(ExpiredInvitation), tenant(made.district_id) as session:
        consume(session, made.invitation.invitation_id, NOW + timedelta(days=8))
