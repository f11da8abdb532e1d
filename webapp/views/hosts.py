"""By which Host names we may be called: our own; probes by any; a loopback one is sent on to our own (SEC-26)."""

from collections.abc import Iterable
from urllib.parse import urlsplit
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask, redirect, request
from flask.typing import ResponseReturnValue

from webapp.settings import Settings, is_loopback
from webapp.views.own_paths import own_path

PROBES = {"/healthz", "/readyz", "/metrics"}
"""Orchestrators and Prometheus call a process by its address or pod name. No answer of these shows the Host."""


def install(app: Flask, settings: Settings) -> None:
    """Refuse every other Host. Call it before ProxyFix is put around, so that a proxy's word for the Host counts."""
    ours = urlsplit(settings.public_url)
    app.config["TRUSTED_HOSTS"] = [ours.hostname]
    _let_probes_in(app, ours.netloc)
    if not is_loopback(ours.hostname or ""):
        return

    @app.before_request
    def send_on() -> ResponseReturnValue | None:
        wanted = _hostname(request.headers.get("Host", ""))
        if wanted == ours.hostname or not is_loopback(wanted) or request.method not in ("GET", "HEAD"):
            return None
        return redirect(settings.public_url + (own_path(request.full_path.removesuffix("?")) or "/"))


def _let_probes_in(app: Flask, our_host: str) -> None:
    serve = app.wsgi_app

    def with_our_name(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] in PROBES:
            environ["HTTP_HOST"] = our_host
        return serve(environ, start_response)

    app.wsgi_app = with_our_name  # type: ignore[method-assign]


def _hostname(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
