"""What people type, made fit to keep."""

from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length


def tidy(typed: str | None) -> str:
    """Without control characters and the spaces around."""
    return "".join(letter for letter in typed or "" if letter.isprintable()).strip()


class LogInForm(FlaskForm):
    """E-mail and password."""

    email = StringField("E-mail", filters=[tidy], render_kw={"autocomplete": "username", "inputmode": "email"})
    password = PasswordField("Password", render_kw={"autocomplete": "current-password"})


class AddressForm(FlaskForm):
    """An e-mail address."""

    email = StringField("E-mail", filters=[tidy], render_kw={"autocomplete": "username", "inputmode": "email"})


class NewPasswordForm(FlaskForm):
    """A new password; how long it must be is the action's word."""

    password = PasswordField("Password", [InputRequired()], render_kw={"autocomplete": "new-password"})


class AccountForm(NewPasswordForm):
    """Account set-up: who one is, and a password."""

    given_name = StringField(
        "First name",
        [InputRequired("Please write your first name."), Length(max=100)],
        filters=[tidy],
        render_kw={"autocomplete": "given-name"},
    )
    family_name = StringField(
        "Last name",
        [InputRequired("Please write your last name."), Length(max=100)],
        filters=[tidy],
        render_kw={"autocomplete": "family-name"},
    )
