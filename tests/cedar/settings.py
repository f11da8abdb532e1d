"""What an operator sets for Cedar."""

from webapp.settings import Settings


class CedarSettings(Settings):
    """The house's settings, and Cedar's lines of them."""

    cedar_client_id: str = ""
    cedar_client_secret: str = ""
    cedar_url: str = "https://cedar.example"
