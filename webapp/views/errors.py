"""Plain pages for what went wrong: what it is, what to do, and a number to tell support. Never a trace."""

import secrets

import structlog
from flask import Flask, current_app, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from webapp.views.access import ForeignForm
from webapp.views.house import house

log = structlog.get_logger()

PLAIN_WORDS = {
    400: ("That did not work", "We could not read what your browser sent. Go back, reload the page and try again."),
    401: ("Please log in", "You are not logged in any more. Log in and try again."),
    403: ("This is not for your account", "You are logged in, but this page is for somebody else."),
    404: ("We can't find that page", "It may have moved, or it belongs to somebody else."),
    405: ("That did not work", "This page can't be used in that way. Go back and try again."),
    413: ("That is too much", "What you sent is larger than we accept. Send less at once."),
    429: ("Too many tries", "Please wait a moment, then try again."),
    500: ("Something went wrong on our side", "It is not your fault. Try again in a minute."),
    503: ("We are catching our breath", "A part of the service does not answer. Try again in a minute."),
}
STALE_FORM = (
    "This page was open for a while, or somebody else logged in meanwhile. Go back, reload the page and try again."
)
FOREIGN_FORM = (
    "Your browser does not tell us that this was sent from one of our own pages. Open the page here and try again."
)


def install(app: Flask) -> None:
    """Answer every error with a page of plain words."""
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(ForeignForm, _foreign_form)
    app.register_error_handler(HTTPException, _known)
    app.register_error_handler(Exception, _unknown)


def _stale_form(error: CSRFError) -> tuple[str, int]:
    return _refused_form(400, STALE_FORM)


def _foreign_form(error: ForeignForm) -> tuple[str, int]:
    return _refused_form(403, FOREIGN_FORM)


def _refused_form(code: int, words: str) -> tuple[str, int]:
    log.info("form refused", status=code, reference=(number := _number()), path_rule=_rule())
    return _page(code, number, PLAIN_WORDS[400][0], words), code


def _known(error: HTTPException) -> tuple[str, int] | HTTPException:
    code = error.code or 500
    if code < 400:  # a redirect that routing raised
        return error
    heading, words = PLAIN_WORDS.get(code, PLAIN_WORDS[400 if code < 500 else 500])
    log.info("refused", status=code, reference=(number := _number()), path_rule=_rule())
    return _page(code, number, heading, words), code


def _unknown(error: Exception) -> tuple[str, int]:
    log.error("failed", reference=(number := _number()), path_rule=_rule(), exc_info=error)
    return _page(500, number, *PLAIN_WORDS[500]), 500


def _page(code: int, number: str, heading: str, words: str) -> str:
    said = {"number": number, "heading": heading, "words": words}
    if code >= 500:
        # Without what Flask-Login would look up for a template: the database may be what failed.
        settings = house().settings
        known = {"product_name": settings.product_name, "support_email": settings.support_email}
        return current_app.jinja_env.get_template("errors/error.html").render(quiet=True, **known, **said)
    # Without a route there is no address to build: somebody came by another Host than ours.
    foreign = code == 400 and request.url_rule is None
    return render_template("errors/bare.html" if foreign else "errors/error.html", **said)


def _number() -> str:
    return secrets.token_hex(4)


def _rule() -> str:
    return request.url_rule.rule if request.url_rule else ""
