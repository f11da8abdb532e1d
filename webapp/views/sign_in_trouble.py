"""The pages of a sign-in that leads nowhere: what happened, in plain words, and a way on."""

import structlog
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.actions.attempts import attempt_before
from webapp.actions.refusals import NoClassYet, Refusal
from webapp.providers.errors import AccessWithdrawn, ClientRefused, ProviderError, SignInRefused
from webapp.providers.service import Service
from webapp.store.tables import SignInAttempt
from webapp.views.now import utc_now
from webapp.views.refusal_words import Words, words_for
from webapp.views.session import browser_mark, leave_session

log = structlog.get_logger()

OUR_FAULT = {"invalid_client", "invalid_request", "invalid_scope", "unauthorized_client", "unsupported_response_type"}
"""OAuth's words for what only our own people can mend."""
LATER = {"server_error", "temporarily_unavailable"}


def refused_there(service: Service, error: str) -> ResponseReturnValue:
    """The service itself says no, by one of OAuth's words."""
    if error in OUR_FAULT:
        log.warning("the service refuses our request", provider=service.key, error=error)
        return problem(service, Words.CLIENT_REFUSED, 424)
    if error in LATER:
        return problem(service, Words.SERVICE_SILENT, 424)
    return problem(service, Words.CANCELLED if error == "access_denied" else Words.SERVICE_REFUSED)


def not_let_in(service: Service, refusal: Refusal, attempt: SignInAttempt) -> ResponseReturnValue:
    """Somebody whom the service knows has no way in here."""
    if attempt.purpose == "sign_in":
        leave_session()  # whoever was here before is not who sits here now (safety.md SEC-3)
    if isinstance(refusal, NoClassYet):  # a page of its own, which can be loaded again: this address is spent
        return redirect(url_for("sign_in.no_class_yet", provider=service.key))
    return problem(service, words_for(refusal), 403, refusal.because)


def let_down(service: Service, error: ProviderError) -> ResponseReturnValue:
    """The service could not tell who this is, or what the district shares."""
    if isinstance(error, SignInRefused):
        log.info("sign-in refused", provider=service.key, why=str(error))
        return problem(service, Words.STALE)
    if isinstance(error, AccessWithdrawn):
        log.warning("the district's access was withdrawn", provider=service.key, why=str(error))
        return problem(service, Words.DISCONNECTED, 424)
    if isinstance(error, ClientRefused):
        log.warning("the service refuses our id and secret", provider=service.key, status=error.status)
        return problem(service, Words.CLIENT_REFUSED, 424)
    log.warning("sign-in not finished", provider=service.key, why=str(error))
    return problem(service, Words.SERVICE_SILENT, 424)


def problem(service: Service, words: Words, status: int = 400, because: str = "") -> ResponseReturnValue:
    """The page; its button begins anew what this browser wanted from the service."""
    state, again = request.args.get("state", ""), None
    if state or request.args.get("error"):
        again = attempt_before(state, service.key, browser_mark(), now=utc_now())
    page = render_template("sign_in/problem.html", service=service, words=words, again=again, because=because)
    return page, status
