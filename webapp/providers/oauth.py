"""The two requests of an OAuth sign-in, the same for every service: the address to go to, and the code's exchange."""

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session

from webapp.providers.errors import SignInRefused, Unreachable
from webapp.providers.service import SignIn

TIMEOUT = (5.0, 20.0)
"""Seconds to connect, and to wait for bytes."""


def authorization(sign_in: SignIn, *, redirect_uri: str, state: str, nonce: str, verifier: str | None) -> str:
    """The address at the service that a browser is sent to."""
    with _session(sign_in, redirect_uri) as session:
        url, _ = session.create_authorization_url(
            sign_in.authorize_url, state=state, nonce=nonce, code_verifier=verifier if sign_in.pkce else None
        )
    return str(url)


def redeem(sign_in: SignIn, *, code: str, redirect_uri: str, verifier: str | None) -> str:
    """The access token for this code, which is spent afterwards. Raises SignInRefused or Unreachable.

    It is asked once only: a code can be redeemed once, and a second try would only hide the first one's answer.
    """
    kept = {"code_verifier": verifier} if verifier and sign_in.pkce else {}
    # Not chained: what was raised below may carry the code or the secret in its request.
    try:
        with _session(sign_in, redirect_uri) as session:
            token = session.fetch_token(
                sign_in.token_url, code=code, grant_type="authorization_code", allow_redirects=False, **kept
            )
    except requests.HTTPError as error:
        if error.response.status_code >= 500 or error.response.status_code == 429:
            raise Unreachable("The service cannot finish sign-ins now.") from None
        raise SignInRefused("The service refused this sign-in.") from None
    except requests.RequestException:
        raise Unreachable("The service did not answer.") from None
    except (OAuthError, ValueError):
        raise SignInRefused("The service refused this sign-in.") from None
    access_token = token.get("access_token")
    if not isinstance(access_token, str) or not access_token:
        raise SignInRefused("The service gave no token for this sign-in.")
    return access_token


def _session(sign_in: SignIn, redirect_uri: str) -> OAuth2Session:
    session = OAuth2Session(
        sign_in.client_id,
        sign_in.client_secret,
        token_endpoint_auth_method=sign_in.client_auth,
        scope=sign_in.scope or None,
        redirect_uri=redirect_uri,
        code_challenge_method="S256",
        default_timeout=TIMEOUT,
    )
    session.trust_env = False
    session.register_compliance_hook("access_token_response", _good_only)
    return session


def _good_only(response: requests.Response) -> requests.Response:
    """Authlib reads the body of a 4xx as well, and would take a token out of it."""
    if response.status_code != 200:
        raise requests.HTTPError(response=response)
    return response
