"""What a letter says of a run that was given up: for each cause what happened, and what to do."""

from webapp.actions.call_for_attention import Cause

STAYS = "Nothing was removed: all classes stay as they are."
WORDS: dict[Cause, tuple[str, str]] = {
    Cause.REFUSED: (
        f"{{service}} no longer lets us read your district's rosters. {STAYS}",
        "Check in {service} that this application is still switched on and shared with us. Once it is, the next sync "
        "goes on where the last one ended.",
    ),
    Cause.BROKE_OFF: (
        "We could not finish a sync of your district's classes with {service}. They keep what it had brought by then; "
        "the rest comes with the next good sync.",
        "Tell support, who can see where it broke off. In {service} there is nothing to do. Every night we sync anew.",
    ),
    Cause.SILENT: (
        f"{{service}} has given us no whole answer for four weeks, so we have stopped asking. {STAYS}",
        "Check that {service} works again for your district. Then press Sync now on the page of any class: from there "
        "on all classes are synced every night again.",
    ),
    Cause.UNANSWERED: (
        "{service} gave us no whole answer, so after several tries we gave up what was asked for: an import, or a sync "
        f"of some classes. {STAYS}",
        "There is nothing to do at the moment: all classes are synced every night. Teachers whose import did not come "
        "can add their classes again.",
    ),
    Cause.STUCK: (
        f"A sync of your district's classes with {{service}} failed, and trying again at once would not help. {STAYS}",
        "Tell support what stands above. Every night we sync anew.",
    ),
}
"""Cause -> what happened, what to do."""


def attention_words(cause: Cause, service: str) -> tuple[str, str]:
    """What happened, and what to do."""
    happened, advice = WORDS[cause]
    return happened.format(service=service), advice.format(service=service)
