"""The shapes of ClassLink's own answers, as far as we need them: fields that are not here never leave the decoder."""

from msgspec import Struct, field

from webapp.providers.answers import Text


class Info(Struct):
    """`/v2/my/info`. Its `Role` is not even decoded: the roster record is the place to learn who is what."""

    user_id: int | str = field(name="UserId")
    tenant_id: int | str = field(name="TenantId")
    sourced_id: str | int | None = field(name="SourcedId", default=None)
    first_name: Text = field(name="FirstName", default=None)
    last_name: Text = field(name="LastName", default=None)


class Application(Struct):
    """One district's roster server application."""

    tenant_id: int | str
    oneroster_application_id: str
    bearer: str | None = None
    tenant_name: Text = None
    enabled: Text = None


class Applications(Struct):
    """The envelope; the documented sample holds one object where an array comes."""

    applications: list[Application]
    status: Text = None
