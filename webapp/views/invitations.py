"""Account set-up by an invitation's link: one screen. Looking at it uses nothing up, pressing a button does."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from webapp.actions.accept_invitation import accept_as_account, open_invitation
from webapp.actions.attempts import Intent
from webapp.actions.create_account import create_account as create_account_by
from webapp.actions.operators import set_up_operator, waits_for_set_up
from webapp.actions.passwords import WeakPassword
from webapp.actions.refusals import NotAccepted, UnknownInvitation
from webapp.store.database import tenant
from webapp.store.questions.invitations import InvitationHead, answers_to, invitation_page
from webapp.store.questions.people import connected_providers
from webapp.store.questions.runs import district_zone
from webapp.views.forms import AccountForm, NewPasswordForm
from webapp.views.house import house
from webapp.views.limits import CEILING, limiter
from webapp.views.now import utc_now
from webapp.views.own_paths import landing
from webapp.views.refusal_words import words_for
from webapp.views.session import enter_session, me, my_account
from webapp.views.sign_in import onward, service_or_404
from webapp.views.times import day

bp = Blueprint("invitations", __name__, url_prefix="/invitations/<token>")


@bp.errorhandler(NotAccepted)
def _closed(refusal: NotAccepted) -> ResponseReturnValue:
    gone = 404 if isinstance(refusal, UnknownInvitation) else 410
    return render_template("invitations/closed.html", words=words_for(refusal)), gone


@bp.get("")
@limiter.limit(CEILING)
def show(token: str) -> ResponseReturnValue:
    """Who invites to what, and the ways to accept."""
    if waits_for_set_up(token, now=utc_now()):
        return render_template("invitations/operator.html", form=NewPasswordForm(), token=token)
    return _page(token, open_invitation(token, now=utc_now()), AccountForm())


@bp.post("")
@limiter.limit(CEILING)
def create_account(token: str) -> ResponseReturnValue:
    """Accept with a name and a new password."""
    if waits_for_set_up(token, now=utc_now()):
        return _set_up_operator(token)
    head = open_invitation(token, now=utc_now())
    form = AccountForm()
    if not form.validate_on_submit():
        return _page(token, head, form), 422
    try:
        who = create_account_by(
            head,
            given_name=form.given_name.data or "",
            family_name=form.family_name.data or "",
            password=form.password.data or "",
            now=utc_now(),
        )
    except WeakPassword as error:
        form.password.errors = [str(error)]
        return _page(token, head, form), 422
    enter_session(who, "password")
    return redirect(landing(me().roles), 303)


@bp.post("/join")
def join(token: str) -> ResponseReturnValue:
    """Accept with the account that is signed in, whose own address was invited."""
    head = open_invitation(token, now=utc_now())
    accept_as_account(head, my_account(), now=utc_now())
    return redirect(url_for("front.index"), 303)


@bp.post("/with/<provider>")
def accept_by_service(token: str, provider: str) -> ResponseReturnValue:
    """Accept as somebody who proves at the service who they are."""
    head = open_invitation(token, now=utc_now())
    return onward(service_or_404(provider), Intent(purpose="accept", invitation_id=head.id))


def _set_up_operator(token: str) -> ResponseReturnValue:
    form = NewPasswordForm()
    try:
        enter_session(set_up_operator(token, form.password.data or "", now=utc_now()), "password")
    except WeakPassword as error:
        form.password.errors = [str(error)]
        return render_template("invitations/operator.html", form=form, token=token), 422
    return redirect(landing(me().roles), 303)


def _page(token: str, head: InvitationHead, form: AccountForm) -> str:
    with tenant(head.district_id) as session:
        page = invitation_page(session, head.id)
        connected = connected_providers(session)
        until = day(head.expires_at, district_zone(session, head.district_id).key)
        mine = current_user.district_id == head.district_id and answers_to(session, my_account(), page.address)
    services = [one for one in house().services.values() if one.key in connected and one.configured()]
    return render_template(
        "invitations/show.html", token=token, page=page, form=form, services=services, can_join=mine, until=until
    )
