"""The environment, read once and typed. Everything that an operator can set stands here, and nowhere else."""

import ipaddress
import json
import os
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from pydantic import AliasChoices, Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

RUNNING_FILE = "running.json"
"""What `rollbook run` leaves in its data dir so that other verbs find its servers."""


class SettingsWrong(Exception):
    """A setting is missing or wrong; the message is one plain sentence."""


class Settings(BaseSettings):
    """What the environment, `.env` and a running `rollbook run` say, checked."""

    model_config = SettingsConfigDict(env_prefix="ROLLBOOK_", env_file=".env", extra="ignore", populate_by_name=True)

    data_dir: Path = Path("var")
    database_url: str = ""
    queue_url: str = ""
    public_url: str = "http://localhost:8000"
    product_name: str = "Rollbook"
    support_email: str = ""
    catalogue: Path | None = None
    secret_key: str = ""
    token_keys: str = ""
    mail_url: str = ""
    mail_from: str = ""
    clever_client_id: str = ""
    clever_client_secret: str = ""
    clever_oauth_url: str = "https://clever.com"
    clever_api_url: str = "https://api.clever.com"
    clever_api_version: str = "v3.1"
    """In which version data, events and `/me` are asked for alike: events show only what their own version knows."""
    classlink_client_id: str = ""
    classlink_client_secret: str = ""
    classlink_roster_key: str = ""
    classlink_launchpad_url: str = "https://launchpad.classlink.com"
    classlink_nodeapi_url: str = "https://nodeapi.classlink.com"
    classlink_roster_url: str = "https://oneroster-proxy.classlink.io"
    sync_hour: int = Field(2, ge=0, le=23)
    lease_seconds: float = Field(60, gt=0)
    """How long the right to apply to a connection lasts unless it is renewed (safety.md REL-19)."""
    silent_seconds: float = Field(90, gt=0)
    """A run that has shown no sign of life for so long is dead, and begins again."""
    sweep_seconds: float = Field(5, gt=0)
    """How often work that nobody does is looked for (REL-20, REL-21)."""
    log_level: str = "INFO"
    trusted_proxies: int = Field(0, ge=0, le=5)
    sandbox_url: str = Field("", validation_alias=AliasChoices("sandbox_url", "ROLLBOOK_SANDBOX_URL"))
    """Where the sandbox of this `rollbook run` answers; set by the supervisor, empty in real deployments."""

    @field_validator(
        "public_url",
        "clever_oauth_url",
        "clever_api_url",
        "classlink_launchpad_url",
        "classlink_nodeapi_url",
        "classlink_roster_url",
    )
    @classmethod
    def _https_or_loopback(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or "")):
            return url.rstrip("/")
        raise ValueError("must be an https address (plain http only for this machine itself)")

    @field_validator("clever_api_version")
    @classmethod
    def _known_version(cls, version: str) -> str:
        if version not in {"v3.0", "v3.1"}:
            raise ValueError("must be v3.1 or v3.0")
        return version

    @field_validator("log_level")
    @classmethod
    def _known_level(cls, level: str) -> str:
        if level.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
            raise ValueError("must be one of DEBUG, INFO, WARNING, ERROR")
        return level.upper()

    @field_validator("database_url")
    @classmethod
    def _driver_named(cls, url: str) -> str:
        # SQLAlchemy 2.1 changed its default driver, so it is always written out (safety.md STACK-11).
        for short in ("postgresql://", "postgres://"):
            if url.startswith(short):
                return "postgresql+psycopg://" + url.removeprefix(short)
        return url

    @field_validator("token_keys")
    @classmethod
    def _usable_keys(cls, keys: str) -> str:
        for key in filter(None, keys.split(",")):
            try:
                Fernet(key.strip())
            except ValueError:
                raise ValueError(
                    "must be one or more Fernet keys (32 random bytes in url-safe base64), parted by commas"
                ) from None
        return keys

    @model_validator(mode="after")
    def _whole_providers(self) -> "Settings":
        if bool(self.clever_client_id) != bool(self.clever_client_secret):
            raise ValueError(
                "ROLLBOOK_CLEVER_CLIENT_ID and ROLLBOOK_CLEVER_CLIENT_SECRET go together: set both or none"
            )
        if bool(self.classlink_client_id) != bool(self.classlink_client_secret):
            raise ValueError(
                "ROLLBOOK_CLASSLINK_CLIENT_ID and ROLLBOOK_CLASSLINK_CLIENT_SECRET go together: set both or none"
            )
        return self

    @property
    def secure(self) -> bool:
        """True where people reach us by https."""
        return self.public_url.startswith("https:")

    def require(self, *names: str) -> None:
        """Refuse to go on without these settings. Raises SettingsWrong naming the first that is empty."""
        for name in names:
            if not getattr(self, name):
                raise SettingsWrong(f"ROLLBOOK_{name.upper()} is not set.")


def is_loopback(host: str) -> bool:
    """True for localhost and loopback addresses."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def load_settings(data_dir: Path | None = None) -> Settings:
    """Read the settings: the environment wins, then `.env`, then what a running `rollbook run` left in the data dir."""
    where = data_dir or Path(os.environ.get("ROLLBOOK_DATA_DIR", "var"))
    try:
        told = Settings(data_dir=where)
        return Settings.model_validate(_running(where) | told.model_dump(exclude_unset=True))
    except ValidationError as error:
        raise SettingsWrong(_one_sentence(error)) from error


def _running(data_dir: Path) -> dict[str, object]:
    path = data_dir / RUNNING_FILE
    if not path.exists():
        return {}
    return dict(json.loads(path.read_text())["settings"])


def _one_sentence(error: ValidationError) -> str:
    first = error.errors()[0]
    name = "_".join(str(part) for part in first["loc"])
    reason = str(first["msg"]).removeprefix("Value error, ")
    return f"ROLLBOOK_{name.upper().removeprefix('ROLLBOOK_')}: {reason}" if name else reason
