"""Where the promises can be read in two ways, or the product does not keep one yet: each a named switch of the model.

What is on is checked like everything else. Turn one on together with the change of the product that it names.
"""

from dataclasses import dataclass


@dataclass
class Readings:
    """What the model takes the promises to mean."""

    identity_churn_holds_all: bool = True
    """REL-5: people who look exchanged hold the whole plan, and nothing at all is applied."""
    second_look: bool = True
    """REL-2: who is missing in the list and still answered for by name is not removed."""
    hold_only_the_type: bool = True
    """"Hold only the dangerous part": where students are held, a teacher's leaving goes on, and the other way round."""
    removed_mark_goes: bool = True
    """"The mark goes when the provider agrees", also of somebody who was taken out: once the service names them no
    more, a later return is a return."""
    extended_term_comes_back: bool = True
    """A class that was archived at its term's end is active again where the term turns out to go on."""
    older_fetch_never_wins: bool = True
    """REL-19: an older fetch that arrives late changes no class that a newer fetch has looked at, even where the newer
    one found nothing to change."""
    no_late_import: bool = True
    """"An ended license: no import": an import that was parked does not happen once the license is over."""
    names_are_replayed: bool = True
    """REL-15: the journal tells which name was given to a class here, and when it was taken back."""


READINGS = Readings()
