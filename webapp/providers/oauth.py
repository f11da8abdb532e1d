"""The two requests of an OAuth sign-in, the same for every service: the address to go to, and the code's exchange."""

from base64 import b64encode
from typing import Any

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session

from webapp.providers.bounded import Bounded
from webapp.providers.errors import ClientRefused, ProviderError, SignInRefused, Unreachable
from webapp.providers.service import SignIn, Tokens

TIMEOUT = (5.0, 20.0)
"""Seconds to connect, and to wait for bytes."""
ABOUT_US = {"invalid_client", "unauthorized_client"}
"""OAuth's words for a refusal that is about the application, whoever signs in."""


def authorization(sign_in: SignIn, *, redirect_uri: str, state: str, nonce: str, verifier: str | None) -> str:
    """The address at the service that a browser is sent to."""
    with _session(sign_in, redirect_uri) as session:
        url, _ = session.create_authorization_url(
            sign_in.authorize_url, state=state, nonce=nonce, code_verifier=verifier if sign_in.pkce else None
        )
    return str(url)


def redeem(sign_in: SignIn, *, code: str, redirect_uri: str, verifier: str | None) -> Tokens:
    """The tokens for this code, which is spent afterwards. Raises SignInRefused, ClientRefused or Unreachable.

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
        raise _refusal(error.response.status_code, _error_of(error.response)) from None
    except requests.RequestException:
        raise Unreachable("The service did not answer.") from None
    except OAuthError as error:
        raise _refusal(200, str(error.error)) from None
    except ValueError:
        raise SignInRefused("The service gave no token for this sign-in.") from None
    access_token, id_token = token.get("access_token"), token.get("id_token") or ""
    if not isinstance(access_token, str) or not access_token or not isinstance(id_token, str):
        raise SignInRefused("The service gave no token for this sign-in.")
    return Tokens(access_token, id_token)


def basic_credentials(client_id: str, client_secret: str) -> str:
    """An Authorization header with our id and secret, as UTF-8 (Authlib's own is Latin-1)."""
    return "Basic " + b64encode(f"{client_id}:{client_secret}".encode()).decode()


def _refusal(status: int, error: str | None) -> ProviderError:
    if status >= 500 or status == 429:
        return Unreachable("The service cannot finish sign-ins now.")
    if error in ABOUT_US or (status == 401 and error != "invalid_grant"):
        return ClientRefused("The service refuses our id and secret.", status)
    return SignInRefused("The service refused this sign-in.")


def _error_of(response: requests.Response) -> str | None:
    """OAuth's word for what is wrong, where the answer has one."""
    try:
        error = response.json()["error"]
    except (ValueError, TypeError, LookupError, RecursionError):
        return None
    return error if isinstance(error, str) else None


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
    for scheme in ("http://", "https://"):
        session.mount(scheme, Bounded())
    session.register_client_auth_method(("client_secret_basic", _basic))
    session.register_compliance_hook("access_token_response", _good_only)
    return session


def _basic(client: Any, method: str, uri: str, headers: dict[str, str], body: str) -> tuple[str, dict[str, str], str]:
    headers["Authorization"] = basic_credentials(client.client_id, client.client_secret)
    return uri, headers, body


def _good_only(response: requests.Response) -> requests.Response:
    """Authlib reads the body of a 4xx as well, and would take a token out of it."""
    if response.status_code != 200:
        raise requests.HTTPError(response=response)
    return response
