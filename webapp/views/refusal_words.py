"""What somebody reads who was not let in: what it is, and what to do now."""

from enum import Enum
from typing import NamedTuple

from webapp.actions import refusals


class Said(NamedTuple):
    """A heading, what to do, and whether trying the service again can help."""

    heading: str
    advice: str
    again: bool = True


class Words(Enum):
    """Every page of this kind. `{service}` becomes the service's name."""

    CANCELLED = Said(
        "You stopped at {service}",
        "Nothing has changed here. To log in with {service}, press the button and allow it there.",
    )
    SERVICE_REFUSED = Said(
        "{service} did not log you in", "Try again. If it stays like this, ask your school's IT help."
    )
    STALE = Said(
        "Let's try that again",
        "This login was used before, took too long, or began in another browser. Nothing has happened. Press the "
        "button to log in.",
    )
    SERVICE_SILENT = Said(
        "{service} does not answer right now", "Nothing is lost. Wait a few minutes, then press the button."
    )
    CLIENT_REFUSED = Said(
        "{service} does not accept us at the moment",
        "This is not about you: {service} refuses our whole site, and only our own people can mend that. The reason is "
        "written down for them. Please try again later.",
    )
    IN_CIRCLES = Said(
        "{service} keeps sending you back",
        "We stopped so that your browser does not run in circles. Press the button to try once more. If that does not "
        "help, allow cookies for this page.",
    )
    DISTRICT_UNKNOWN = Said(
        "Your district is not connected yet",
        "{service} let you in, but your district does not share its classes with us. Ask the person who looks after "
        "{service} in your district to connect us.",
        again=False,
    )
    NO_CLASS_YET = Said(
        "You are in the right place, but there is no class for you yet",
        "Your teacher has to add your class first. Tell your teacher that you can't see your class here, and come back "
        "later: the button lets you in as soon as your class is here. You did nothing wrong!",
    )
    NOT_ON_LICENSE = Said(
        "You are not on a license yet",
        "Open the invitation e-mail and press the link in it. If you have none, ask the person who manages the license "
        "at your school to invite you.",
        again=False,
    )
    NOT_IN_ROSTER = Said(
        "Your school does not share your account with us yet",
        "Ask your teacher or your school's office to add you in {service}. After that, log in here again. If you work "
        "at the school, you can also ask the person who manages the license to invite you.",
    )
    SWITCHED_OFF = Said(
        "This account is switched off", "Ask the person who manages the license at your school.", again=False
    )
    SWITCHED_OFF_THERE = Said(
        "Your school has switched your account off",
        "Your district's records in {service} say that you may not log in. Ask your school's office or IT help. Once "
        "they have switched it on again, press the button.",
    )
    PARENT_ACCOUNT = Said(
        "This is a parent's account",
        "{service} let you in, but classes here are for students and their teachers. To see a class, your child logs "
        "in with their own {service} account. Log out of {service} on this computer first.",
    )
    DISCONNECTED = Said(
        "Your district has disconnected us",
        "{service} let you in, but your district does not share its classes with us any more. Nothing is lost. Ask the "
        "person who looks after {service} in your district to connect us again.",
    )
    UNKNOWN_INVITATION = Said(
        "We don't know this invitation",
        "Check that you opened the whole link of the newest e-mail, or ask whoever invited you to send it again.",
        again=False,
    )
    EXPIRED_INVITATION = Said(
        "This invitation is too old", "It was good for 7 days. Ask whoever invited you to send it again.", again=False
    )
    USED_INVITATION = Said("This invitation was used already", "Your account is ready: log in to use it.", again=False)
    REVOKED_INVITATION = Said(
        "This invitation was taken back", "If you think that is a mistake, ask whoever invited you.", again=False
    )
    SEATS_FULL = Said(
        "There is no free teacher seat",
        "Every teacher seat of this license is taken. Ask the person who manages it; your invitation stays good.",
        again=False,
    )
    ADDRESS_TAKEN_HERE = Said(
        "There is an account with this e-mail already",
        "Log in with it first, then open the link of the invitation again.",
        again=False,
    )
    ADDRESS_TAKEN_ELSEWHERE = Said(
        "This e-mail is in use elsewhere",
        "It belongs to an account outside this district. Ask whoever invited you to invite another address of yours.",
        again=False,
    )
    OTHER_DISTRICT = Said(
        "That account belongs to another district",
        "The invitation is from a district that your {service} account is not in. Log out of {service} and use the "
        "account of the inviting district, or choose a password instead.",
    )
    OTHER_PERSON = Said(
        "This invitation is for somebody else",
        "Use your own {service} account, or ask whoever invited you for an invitation of your own.",
    )
    MEMBER_ALREADY = Said(
        "You are on this license already",
        "This invitation was sent to another address, so we keep it for whoever reads that. Log in as usual.",
        again=False,
    )
    STUDENT_REFUSED = Said(
        "That is a student's account",
        "In {service}, a student is logged in on this computer. Log out of {service} there, then try again with your "
        "own account.",
    )
    LINK_TAKEN = Said(
        "That {service} account is in use here already",
        "It has classes or a login of its own. Log out, then log in with {service} to use it. If you need both as one, "
        "write to support.",
        again=False,
    )


def words_for(refusal: refusals.Refusal) -> Words:
    """The page of a refusal: its class name is the page's name."""
    name = "".join(f"_{letter}" if letter.isupper() else letter for letter in type(refusal).__name__)
    return Words[name.lstrip("_").upper()]
