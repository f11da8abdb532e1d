"""The exchange of a code follows no redirect: our secret would go with it (REL-27)."""

import pytest

from tests.providers.scripted import Scripted, doc, status
from webapp.providers.errors import ProviderError
from webapp.providers.oauth import redeem
from webapp.providers.service import SignIn


@pytest.mark.parametrize("code", [301, 302, 307, 308])
def test_REL_27_a_redirect_of_the_exchange_is_not_followed(script: Scripted, code: int) -> None:
    script.on("/token", status(code, Location=f"{script.url}/elsewhere"))
    script.on("/elsewhere", doc({"access_token": "T", "token_type": "Bearer"}))
    sign_in = SignIn(
        authorize_url=f"{script.url}/authorize",
        token_url=f"{script.url}/token",
        client_id="client",
        client_secret="secret",
        scope="",
        client_auth="client_secret_post",
    )
    with pytest.raises(ProviderError):
        redeem(sign_in, code="C", redirect_uri="http://localhost/back", verifier=None)
    assert "/elsewhere" not in script.asked
