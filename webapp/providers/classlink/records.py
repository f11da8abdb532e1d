"""The shapes of ClassLink's own answers, as far as we need them: fields that are not here never leave the decoder."""

from msgspec import Struct, field

from webapp.providers.answers import Text


class Info(Struct):
    """`/v2/my/info`. Its `Role` gives no rights, the roster record does; it only tells a parent from others."""

    user_id: int | str = field(name="UserId")
    tenant_id: int | str = field(name="TenantId")
    sourced_id: str | int | None = field(name="SourcedId", default=None)
    first_name: Text = field(name="FirstName", default=None)
    last_name: Text = field(name="LastName", default=None)
    role: object = field(name="Role", default=None)


class Application(Struct):
    """One district's roster server application. Any field may be missing: one odd row must not hide all others."""

    id: str | int | None = None
    tenant_id: str | int | None = None
    oneroster_application_id: str | None = None
    bearer: str | None = None
    tenant_name: Text = None
    tenant_status: Text = None
    enabled: Text = None


class Applications(Struct):
    """The envelope; the documented sample holds one object where an array comes."""

    applications: list[Application] | Application
    status: Text = None
