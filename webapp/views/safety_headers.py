"""The headers of every answer, errors too: what a browser may load, remember and tell others."""

from flask import Flask, Response, request
from secure import (
    ContentSecurityPolicy,
    CrossOriginOpenerPolicy,
    PermissionsPolicy,
    ReferrerPolicy,
    Secure,
    StrictTransportSecurity,
    XContentTypeOptions,
    XFrameOptions,
)

from webapp.settings import Settings

CONTENT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; "  # data: for the ticks and arrows that Bootstrap draws in its style sheet
    "connect-src 'self'; font-src 'self'; form-action 'self'; "
    "base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
)
TOKEN_ENDPOINTS = {"invitations", "passwords"}
"""Blueprints whose URLs carry a secret: it must not leave in a Referer."""


def install(app: Flask, settings: Settings) -> None:
    """Put the headers on every answer."""
    always = Secure(
        csp=ContentSecurityPolicy().value(CONTENT),
        xcto=XContentTypeOptions(),
        xfo=XFrameOptions().deny(),
        coop=CrossOriginOpenerPolicy().same_origin(),
        permissions=PermissionsPolicy().value("camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
        referrer=ReferrerPolicy().same_origin(),
        hsts=StrictTransportSecurity().max_age(365 * 24 * 3600).include_subdomains() if settings.secure else None,
    ).headers

    @app.after_request
    def add(answer: Response) -> Response:
        for name, value in always.items():
            answer.headers.setdefault(name, value)
        if request.blueprint in TOKEN_ENDPOINTS:
            answer.headers["Referrer-Policy"] = "no-referrer"
        if request.endpoint != "static":
            answer.headers["Cache-Control"] = "no-store"
            answer.vary.add("HX-Request")
        return answer
