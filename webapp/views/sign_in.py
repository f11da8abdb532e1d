"""The dance of single sign-on, once for every service; how they differ is data in `providers/`.

A callback's code is exchanged only for a state that this very browser was given (SEC-1). Portals and tiles come without
state: their code is thrown away and our own request begins, silent where they are signed in there (SEC-2).
"""

from urllib.parse import urlsplit
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from webapp.actions.accept_invitation import accept_as_visitor
from webapp.actions.attempts import Intent, attempt_before, begin_attempt, goes_in_circles, intent_before, take_attempt
from webapp.actions.enter import enter
from webapp.actions.link_identity import link_identity
from webapp.actions.refusals import Refusal
from webapp.actions.sign_ins import Somebody
from webapp.jobs.queue import nudge_letters
from webapp.providers.errors import ProviderError, SignInRefused
from webapp.providers.oauth import authorization, redeem
from webapp.providers.service import Service, SignIn, Visitor
from webapp.store import database
from webapp.store.questions.invitations import invitation_district
from webapp.store.tables import SignInAttempt
from webapp.views.house import house
from webapp.views.limits import CEILING, limiter
from webapp.views.log_in import ask_for_a_fresh_login
from webapp.views.now import utc_now
from webapp.views.own_paths import landing, own_path
from webapp.views.refusal_words import Words
from webapp.views.session import (
    begun_by,
    browser_mark,
    enter_session,
    me,
    my_account,
    my_district,
    signed_in_lately,
)
from webapp.views.sign_in_trouble import let_down, not_let_in, problem, refused_there

bp = Blueprint("sign_in", __name__)


@bp.get("/auth/<provider>/start")
def start(provider: str) -> ResponseReturnValue:
    """Send this browser to the service; `again` is the id of its attempt that failed, which is begun anew."""
    service = service_or_404(provider)
    again = request.args.get("again", type=UUID)
    before = intent_before(again, provider, browser_mark(), now=utc_now()) if again else None
    if before and before.purpose == "link":  # only a form may ask for that: its page has the button
        return redirect(own_path(before.next_path) or "/")
    return redirect(way_to(service, before or Intent(next_path=own_path(request.args.get("next")) or "")))


@bp.get("/auth/<provider>/callback")
@limiter.limit(CEILING)
def callback(provider: str) -> ResponseReturnValue:
    """Whoever comes back from the service: let them in, begin again, or tell them what to do."""
    service, state = service_or_404(provider), request.args.get("state", "")
    if request.args.get("error"):
        return refused_there(service, request.args["error"])
    if not state:
        return _begin_again(service)
    if begun_by(state) and me().provider == provider:  # opened twice: browsers do that with addresses
        return redirect(_way_on(provider, state))
    attempt = take_attempt(state, provider, browser_mark(), now=utc_now())
    if attempt is None or not _came_from(service.sign_in()):
        return problem(service, Words.STALE)
    try:
        visitor = _visitor(service, attempt)
        who = _purposes[attempt.purpose](visitor, attempt)
    except ProviderError as error:
        return let_down(service, error)
    except Refusal as refusal:
        return not_let_in(service, refusal, attempt)
    enter_session(who, provider, state)
    return redirect(own_path(attempt.next_path) or landing(me().roles))


@bp.get("/login/no-class-yet/<provider>")
def no_class_yet(provider: str) -> ResponseReturnValue:
    """What a student reads whose teacher has not imported a class of theirs yet."""
    return problem(service_or_404(provider), Words.NO_CLASS_YET, 200)


@bp.post("/account/link/<provider>")
def link(provider: str) -> ResponseReturnValue:
    """Send a teacher who logs in with a password to the service whose user shall be hers too."""
    service = service_or_404(provider)
    if not signed_in_lately():
        return ask_for_a_fresh_login(url_for("import_classes.offer"))
    intent = Intent(purpose="link", sign_in_id=me().sign_in_id, next_path=url_for("import_classes.offer"))
    return onward(service, intent)


def service_or_404(provider: str) -> Service:
    """The service of this name, if it is switched on here."""
    service = house().services.get(provider)
    if service is None or not service.configured():
        abort(404)
    return service


def way_to(service: Service, intent: Intent) -> str:
    """A new attempt of this browser: the address at the service to which it must go."""
    begun = begin_attempt(service.key, browser_mark(), intent, now=utc_now())
    return authorization(
        service.sign_in(),
        redirect_uri=_redirect_uri(service),
        state=begun.state,
        nonce=begun.nonce,
        verifier=begun.verifier,
    )


def onward(service: Service, intent: Intent) -> str:
    """A page that goes on to the service by itself.

    Not a redirect: browsers hold redirects of a posted form to our form-action policy, and a district's own login page
    behind the service is none that we could name there.
    """
    return render_template("sign_in/onward.html", service=service, url=way_to(service, intent))


def _begin_again(service: Service) -> ResponseReturnValue:
    if goes_in_circles(browser_mark(), now=utc_now()):
        return problem(service, Words.IN_CIRCLES, 429)
    return redirect(way_to(service, Intent(unasked=True)))


def _way_on(provider: str, state: str) -> str:
    """Where whoever came by this state wanted to go."""
    attempt = attempt_before(state, provider, browser_mark(), now=utc_now())
    before = intent_before(attempt, provider, browser_mark(), now=utc_now()) if attempt else None
    return own_path(before.next_path if before else "") or landing(me().roles)


def _redirect_uri(service: Service) -> str:
    return house().settings.public_url + url_for("sign_in.callback", provider=service.key)


def _came_from(sign_in: SignIn) -> bool:
    """False where the answer names an issuer that is not this service's (mix-up, safety.md SEC-4)."""
    issuer, ours = urlsplit(request.args.get("iss", "")), urlsplit(sign_in.authorize_url)
    return not issuer.geturl() or (issuer.scheme, issuer.netloc) == (ours.scheme, ours.netloc)


def _visitor(service: Service, attempt: SignInAttempt) -> Visitor:
    code = request.args.get("code", "")
    if not code:
        raise SignInRefused("The service sent no code.")
    redirect_uri = _redirect_uri(service)
    tokens = redeem(service.sign_in(), code=code, redirect_uri=redirect_uri, verifier=attempt.verifier)
    return service.identify(tokens, nonce=attempt.nonce)


def _sign_in(visitor: Visitor, attempt: SignInAttempt) -> Somebody:
    return enter(visitor, services=house().services, now=utc_now())


def _accept(visitor: Visitor, attempt: SignInAttempt) -> Somebody:
    assert attempt.invitation_id is not None
    with database.directory() as session:
        district_id = invitation_district(session, attempt.invitation_id)
    return accept_as_visitor(district_id, attempt.invitation_id, visitor, services=house().services, now=utc_now())


def _link(visitor: Visitor, attempt: SignInAttempt) -> Somebody:
    if not current_user.is_authenticated or me().sign_in_id != attempt.sign_in_id:
        raise SignInRefused("Somebody else is signed in by now.")
    who = link_identity(my_district(), my_account(), visitor, services=house().services, now=utc_now())
    nudge_letters()
    return who


_purposes = {"sign_in": _sign_in, "accept": _accept, "link": _link}
