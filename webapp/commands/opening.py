"""What every verb that touches data begins with."""

from pathlib import Path

from webapp.commands.answers import Refused
from webapp.commands.logs import configure_logs
from webapp.jobs.work import prepare
from webapp.settings import Settings, load_settings

PROCESS_NEEDS = ("database_url", "queue_url", "secret_key", "token_keys")


def open_house(data_dir: Path) -> Settings:
    """Read the settings and open everything that actions need: database, keys, services and queue."""
    settings = checked_settings(data_dir)
    prepare(settings)
    return settings


def checked_settings(data_dir: Path | None) -> Settings:
    """The settings, complete, with logs going to stderr. Raises Refused or SettingsWrong where one is missing."""
    settings = load_settings(data_dir)
    configure_logs(settings.log_level)
    if not settings.database_url:
        raise Refused("There is no database: start `rollbook run` first, or set ROLLBOOK_DATABASE_URL.")
    settings.require(*PROCESS_NEEDS)
    return settings
