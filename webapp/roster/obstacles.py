"""Why a teacher cannot import: one cause, in words, with the next step and a text for the person who can help."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Obstacle:
    """One cause: what is the matter, what to do, and what to send to whom."""

    cause: str
    sentence: str
    advice: str
    message: str = ""


def obstacle(cause: str, *, service: str = "your rostering service", detail: str = "") -> Obstacle:
    """The words for one cause of product.md's list. `service` is what people call it; `detail` a fact to add."""
    return _in_words(cause, cause, service, detail)


def access_withdrawn(service: str, detail: str) -> Obstacle:
    """The other half of `provider_down`: the service answers, and does not let us in."""
    return _in_words("provider_down", "access_withdrawn", service, detail)


def _in_words(cause: str, words: str, service: str, detail: str) -> Obstacle:
    sentence, advice, message = _WORDS[words]
    values = {"service": service, "detail": detail}
    return Obstacle(cause, sentence.format(**values).strip(), advice.format(**values), message.format(**values).strip())


_WORDS: dict[str, tuple[str, str, str]] = {
    "not_a_member": (
        "You are not on a license yet.",
        "Ask your license administrator to invite you. The invitation comes by e-mail.",
        "Please invite me to our license: I would like to import my classes.",
    ),
    "license_ended": (
        "Your license has ended. {detail}",
        "Your classes stay readable. Ask your license administrator to renew it.",
        "Our license has ended and I cannot import my classes. Could you renew it?",
    ),
    "no_connection": (
        "Your school has no rostering service connected.",
        "Ask your license administrator: the district connects its rostering service once, for everybody.",
        "Our district's rostering service is not connected yet, so teachers cannot import their classes."
        " Could you connect it?",
    ),
    "provider_down": (
        "{service} does not answer at the moment. {detail}",
        "Nothing is lost. Try again in a few minutes; your classes stay as they are.",
        "{service} has not been answering our class import. {detail}"
        " Could you check that the application is still shared?",
    ),
    "access_withdrawn": (
        "{service} no longer lets us read your district's classes. {detail}",
        "Somebody in your district has to switch this application on again in {service}; classes stay as they are.",
        "{service} no longer lets our learning product read our classes. {detail} Could you check that the application"
        " is still switched on and shared?",
    ),
    "method": (
        "Your district makes classes for you, so there is nothing to import.",
        "Your classes appear under My Classes by themselves.",
        "",
    ),
    "not_linked": (
        "This login is not linked to {service} yet.",
        "Link it once, and your sections appear here.",
        "",
    ),
    "no_sections": (
        "{service} shares no sections with you as their teacher.",
        "Either none are shared for you, or the roster is still loading. Ask your district's rostering team.",
        "{service} shares no sections of mine with our learning product."
        " Could you check the sharing rules, and that I am listed as the teacher of my sections?",
    ),
    "not_covered": (
        "None of your sections is in a school that your license covers.",
        "Ask your license administrator whether your school should be on the license.",
        "My sections are in a school that our license does not cover. Should it be added?",
    ),
}
