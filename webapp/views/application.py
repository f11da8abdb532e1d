"""The web application: its parts, put together once at start."""

import hashlib
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask
from flask_wtf.csrf import CSRFProtect
from htmx_flask import Htmx
from werkzeug.middleware.proxy_fix import ProxyFix

from webapp.jobs import queue
from webapp.providers.table import services
from webapp.settings import Settings
from webapp.store import database, seal
from webapp.views import (
    access,
    class_history,
    class_page,
    district_admin,
    errors,
    front,
    health,
    holds,
    hosts,
    import_classes,
    invitations,
    license_admin,
    limits,
    log_in,
    my_classes,
    operator,
    outbox,
    passwords,
    proposals,
    runs,
    safety_headers,
    session,
    sign_in,
    why,
)
from webapp.views.house import House

ROOT = Path(__file__).parents[2]
ONE_MEGABYTE = 1024 * 1024
STATIC_FOR = timedelta(hours=1)
"""How long a browser keeps style sheets and scripts without asking; their addresses carry their versions."""


def create_app(settings: Settings) -> Flask:
    """The web application with its database and queue at hand, every route guarded and every answer's headers set."""
    database.connect(settings.database_url)
    seal.use_keys(settings.token_keys)
    queue.connect(settings.queue_url)
    app = Flask("webapp", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    _configure(app, settings)
    app.extensions["rollbook"] = House(settings, services(settings))
    session.install(app, settings)
    limits.install(app, settings)
    safety_headers.install(app, settings)
    errors.install(app)
    for blueprint in _blueprints(settings):
        app.register_blueprint(blueprint)
    # The access table answers before the check of forms: a stranger learns nothing of a form's rules.
    access.install(app, settings)
    CSRFProtect(app)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        MAX_CONTENT_LENGTH=ONE_MEGABYTE,
        MAX_FORM_MEMORY_SIZE=ONE_MEGABYTE,
        MAX_FORM_PARTS=1000,
        SEND_FILE_MAX_AGE_DEFAULT=STATIC_FOR,
        WTF_CSRF_TIME_LIMIT=None,  # it lives as long as the session; a login page may stay open for hours
        WTF_CSRF_SSL_STRICT=False,  # it asks for a Referer, which our token pages do not send; access.py asks better
    )
    Htmx(app)
    _version_static(app)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.context_processor(
        lambda: {
            "product_name": settings.product_name,
            "support_email": settings.support_email,
            "public_url": settings.public_url,
        }
    )
    hosts.install(app, settings)
    if hops := settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]


def _blueprints(settings: Settings) -> list[Blueprint]:
    doors = [front, health, log_in, sign_in, passwords, invitations, license_admin, operator]
    doors += [my_classes, import_classes, class_page, class_history, why, holds, runs, district_admin]
    doors += [proposals]
    return [door.bp for door in doors] + ([outbox.bp] if settings.sandbox_url else [])


def _version_static(app: Flask) -> None:
    """Give each static file's address its version: browsers may keep the file and still see a new one at once."""

    @cache
    def version(filename: str) -> str:
        file = ROOT / "static" / filename
        return hashlib.sha256(file.read_bytes()).hexdigest()[:8] if file.is_file() else ""

    @app.url_defaults
    def add(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and "v" not in values:
            values["v"] = version(values["filename"])
