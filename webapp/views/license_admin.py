"""The license admin's page: seats, members, invitations, whether rostering is healthy, and what waits for her."""

import re
from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.actions import invite as inviting
from webapp.actions.addresses import BadAddress
from webapp.actions.invite import CannotInvite
from webapp.jobs.queue import nudge_letters
from webapp.store.database import tenant
from webapp.store.questions.holds import holds_waiting
from webapp.store.questions.licensing import (
    invitation_of,
    invitees_of,
    licenses_run_by,
    members_of,
    student_seats,
    teacher_seats,
)
from webapp.store.tables import License
from webapp.views.connection_words import healths, label_of
from webapp.views.house import house
from webapp.views.now import utc_now
from webapp.views.proposals import waiting
from webapp.views.session import me, my_account, my_district
from webapp.views.set_aside import as_file, set_aside_in
from webapp.views.sync_status import Clock
from webapp.views.times import ago

bp = Blueprint("license_admin", __name__, url_prefix="/license")

AT_ONCE = 200
"""Addresses in one go; a longer list is for a file."""


@bp.get("")
def show() -> ResponseReturnValue:
    """Her license; the first by name where she looks after several."""
    licenses = _mine()
    if not licenses:
        abort(404)
    return _page(licenses[0], licenses)


@bp.get("/<uuid:license_id>")
def show_license(license_id: UUID) -> ResponseReturnValue:
    """One of her licenses."""
    return _page(_own_or_404(license_id), _mine())


@bp.get("/<uuid:license_id>/set-aside.csv")
def set_aside_file(license_id: UUID) -> ResponseReturnValue:
    """The records that could not be used, as far as they concern this license, as a file."""
    return as_file(my_district(), [_own_or_404(license_id).id], ("license", license_id))


@bp.get("/<uuid:license_id>/invitations")
def invitations(license_id: UUID) -> ResponseReturnValue:
    """Whoever opens the address that the form below posts to, finds the form."""
    _own_or_404(license_id)
    return _back(license_id)


@bp.post("/<uuid:license_id>/invitations")
def invite_teachers(license_id: UUID) -> ResponseReturnValue:
    """Invite each address of the text box, and say what became of each."""
    license = _own_or_404(license_id)
    addresses = list(dict.fromkeys(filter(None, re.split(r"[\s,;<>]+", request.form.get("addresses", "")))))
    results = [_invite(license, address) for address in addresses[:AT_ONCE]]
    nudge_letters()
    if len(addresses) > AT_ONCE:
        results.append(("warning", f"Only the first {AT_ONCE} were invited. Paste the rest again."))
    # Shown at once rather than flashed: so many sentences do not fit into a cookie.
    return _page(license, _mine(), results or [("warning", "Write at least one e-mail address.")])


@bp.post("/<uuid:license_id>/invitations/<uuid:invitation_id>/resend")
def resend(license_id: UUID, invitation_id: UUID) -> ResponseReturnValue:
    """Send the letter again, with a new link."""
    _own_invitation_or_404(license_id, invitation_id)
    try:
        inviting.resend(my_district(), invitation_id, made_by=my_account(), now=utc_now())
        nudge_letters()
        flash("The invitation is on its way again. The link of the older e-mail no longer works.", "success")
    except CannotInvite as error:
        flash(str(error), "warning")
    return _back(license_id)


@bp.post("/<uuid:license_id>/invitations/<uuid:invitation_id>/revoke")
def revoke(license_id: UUID, invitation_id: UUID) -> ResponseReturnValue:
    """Take the invitation back."""
    _own_invitation_or_404(license_id, invitation_id)
    try:
        inviting.revoke(my_district(), invitation_id, made_by=my_account(), now=utc_now())
        flash("The invitation is taken back: its link no longer works.", "success")
    except CannotInvite as error:
        flash(str(error), "warning")
    return _back(license_id)


def _invite(license: License, address: str) -> tuple[str, str]:
    try:
        inviting.invite(my_district(), license.id, address, "teacher", made_by=my_account(), now=utc_now())
    except (CannotInvite, BadAddress) as error:
        return "warning", str(error)
    return "success", f"{address} is invited."


def _mine() -> Sequence[License]:
    with tenant(my_district()) as session:
        return licenses_run_by(session, my_account())


def _own_or_404(license_id: UUID) -> License:
    found = next((license for license in _mine() if license.id == license_id), None)
    return found or abort(404)


def _own_invitation_or_404(license_id: UUID, invitation_id: UUID) -> None:
    _own_or_404(license_id)
    with tenant(my_district()) as session:
        if not invitation_of(session, invitation_id, license_id):
            abort(404)


def _back(license_id: UUID) -> ResponseReturnValue:
    return redirect(url_for(".show_license", license_id=license_id), 303)


def _page(license: License, licenses: Sequence[License], results: Sequence[tuple[str, str]] = ()) -> str:
    now = utc_now()
    with tenant(my_district()) as session:
        return render_template(
            "license_admin/show.html",
            license=license,
            licenses=licenses,
            results=results,
            teachers=teacher_seats(session, license),
            students=student_seats(session, license),
            members=members_of(session, license.id),
            invitees=invitees_of(session, license.id, now),
            healths=healths(session, house().services, Clock(now, me().time_zone, house().settings.sync_hour)),
            holds=holds_waiting(session),
            same_person=waiting(session),
            aside=set_aside_in(session, [license.id]),
            label_of=lambda provider: label_of(provider, house().services),
            now=now,
            ago=ago,
        )
