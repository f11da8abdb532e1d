"""Why is this person on this roster, or not? The facts in order, the rule that decided, and a text for the IT."""

from collections.abc import Sequence
from dataclasses import dataclass

from webapp.store.questions.classes import ClassCard
from webapp.store.questions.why import Aside, Ground, Place, Step
from webapp.views.sync_status import BLACKOUT, Clock, blackout_end, standing_still
from webapp.views.times import ago, day, moment, short_day


@dataclass(frozen=True)
class Fact:
    """One link of the chain: a heading, and its sentences."""

    icon: str
    heading: str
    sentences: Sequence[str]


@dataclass(frozen=True)
class Answer:
    """The answer in one sentence, the facts in order, and what to send to the district's IT."""

    verdict: str
    facts: Sequence[Fact]
    message: str = ""


@dataclass(frozen=True)
class Standing:
    """A class with everything that may decide about its roster."""

    card: ClassCard
    ground: Ground
    service: str
    time: Clock

    @property
    def section(self) -> str:
        """The section as the service knows it."""
        return f"“{self.ground.section_name}” (id {self.card.section_source_id})"

    def last_read(self) -> str:
        """When the section was last read."""
        if self.card.section_source_id is None:
            return "No rostering service feeds this class: it was made by hand."
        if self.card.synced_at is None:
            return f"This class follows section {self.section} of {self.service}, which we have not read yet."
        when = f"{moment(self.card.synced_at, self.time.zone)}, {ago(self.card.synced_at, self.time.now)}"
        return f"This class follows section {self.section} of {self.service}. We last read that on {when}."


def about_person(
    standing: Standing, place: Place, steps: Sequence[Step], aside: Sequence[Aside], subject: str
) -> Answer:
    """Why this person is on the roster, waits, or is not on it any more."""
    rules = [*_rules_of_place(standing, place, aside), *rules_of_class(standing)]
    follows = f"Nothing else: this class follows {standing.service}, and so does this place."
    said = Fact(
        "chat-left-text", f"What {standing.service} said", [standing.last_read(), *_said(standing, place, aside)]
    )
    decided = Fact("signpost", "The rule that decided", rules or [follows])
    came = Fact(
        "clock-history", "How it came about", [_step(step, standing) for step in steps] or _without_steps(place)
    )
    return Answer(_verdict(standing, place, aside), [said, decided, came], _message(standing, place, aside, subject))


def rules_of_class(standing: Standing) -> list[str]:
    """What makes the whole class stand still, the strongest first."""
    card, ground, service = standing.card, standing.ground, standing.service
    rules = [standing_still(card, service)] if card.state != "active" else []
    if ground.license_ends_on and ground.license_ends_on < standing.time.today:
        ended = short_day(ground.license_ends_on)
        rules.append(f"The license “{ground.license_name}” ended on {ended}: its classes stay as they were.")
    if until := blackout_end(ground.blackout_from, ground.blackout_until, standing.time.today):
        rules.append(BLACKOUT.format(until=short_day(until)))
    elif card.connection_state == "paused":
        rules.append(
            f"{service} is paused: whoever is new comes in, and nobody is removed. {card.connection_reason or ''}"
        )
    elif card.connection_state == "attention":
        rules.append(
            f"The connection to {service} needs attention, so rosters stay as they were. {card.connection_reason or ''}"
        )
    return [rule.strip() for rule in rules]


UNTIL_AGREED = "until {service} agrees, or somebody lets this place follow the service again."
BY_HAND = {
    "added": "Put here by hand or by an undo. Syncs leave that alone " + UNTIL_AGREED,
    "removed": "Taken off by hand or by an undo. Syncs do not bring them back " + UNTIL_AGREED,
}
"""Hand mark -> the rule that it stands for."""


def _rules_of_place(standing: Standing, place: Place, aside: Sequence[Aside]) -> list[str]:
    service, rules = standing.service, []
    if place.hand in BY_HAND:
        rules.append(BY_HAND[place.hand].format(service=service))
    if place.held_since:
        since = day(place.held_since, standing.time.zone)
        rules.append(
            f"Since {since} {service} no longer lists them, and many others: that waits for a decision of your"
            " administrators, and until then nobody is removed."
        )
    if place.state != "ended" and any(not one.odd for one in aside):
        rules.append("A record that can't be used proves nothing, so nobody leaves because of it.")
    if place.state == "waiting":
        seats = standing.ground.student_seats
        rules.append(
            f"All {seats} student seats of the license “{standing.ground.license_name}” are taken. The first seat that "
            "frees goes to whoever waits longest."
        )
    return rules


def _said(standing: Standing, place: Place, aside: Sequence[Aside]) -> list[str]:
    """What is known of the service's own word about this person."""
    service, zone = standing.service, standing.time.zone
    said = [
        f"Its record of {place.name} {one.reason} (since {day(one.since, zone)})"
        + (", and was used all the same." if one.odd else ".")
        for one in aside
    ]
    if standing.card.section_source_id is None:
        return said
    if place.held_since:
        return [*said, f"It no longer lists {place.name} there."]
    if any(not one.odd for one in aside):
        return said
    if place.hand == "added" or (place.state != "ended" and not place.from_service):
        return [*said, f"When we last read it, it did not list {place.name} there itself."]
    if place.hand == "removed":
        return [*said, f"Whether or not it lists {place.name} there, the rule below comes first."]
    lists = "listed" if place.state != "ended" else "no longer listed"
    return [*said, f"{service} {lists} {place.name} there as a {place.role}."]


def _verdict(standing: Standing, place: Place, aside: Sequence[Aside]) -> str:
    name, service = place.name, standing.service
    if place.state == "ended":
        left = f" on {short_day(place.ended_on)}" if place.ended_on else ""
        return f"{name} was taken off by hand{left}." if place.hand == "removed" else f"{name} left{left}."
    if place.held_since:
        return f"{service} no longer lists {name}, but that waits for a decision."
    if place.hand == "added":
        return f"{name} was put here by hand, and stays."
    if any(not one.odd for one in aside):
        return f"{name} stays, although {service}'s record can't be used."
    if place.state == "waiting":
        return f"{name} waits for a seat."
    if not place.from_service:
        return f"{name} was put here by hand."
    if standing.card.state != "active":
        return f"{name} is here because the roster stands as it was."
    return f"{name} is here because {service} lists {name} in this section."


def _step(step: Step, standing: Standing) -> str:
    return f"{moment(step.at, standing.time.zone)}: {_what(step)} {_by(step, standing.service)}."


def _what(step: Step) -> str:
    if step.what == "removed" or step.now == "ended":
        return "left"
    if step.now == "waiting":
        return "came, and waits for a seat"
    if step.was == "waiting" and step.now == "active":
        return "got a seat"
    if step.was == "ended":
        return "came back"
    return "joined" if step.what == "added" else "marked"


def _by(step: Step, service: str) -> str:
    if step.run_kind is None:
        return f"by {step.actor or 'the district'}"
    asked = f" that {step.asked_by} asked for" if step.asked_by else ""
    return {"import": f"by an import from {service}{asked}", "undo": f"by an undo{asked}"}.get(
        step.run_kind, f"by a sync with {service}{asked}" if asked else f"by the automatic sync with {service}"
    )


def _without_steps(place: Place) -> list[str]:
    by = f" by {place.put_by}" if place.put_by else ""
    return [f"In this class since {short_day(place.began_on)}{by}."]


def _message(standing: Standing, place: Place, aside: Sequence[Aside], subject: str) -> str:
    """For the district's IT: ids of this one person and this one section, and no name."""
    if standing.card.section_source_id is None or not subject:
        return ""
    service, card = standing.service, standing.card
    lists = "lists" if place.state != "ended" and not place.held_since and place.hand == "none" else "does not list"
    read = f" (last read on {moment(card.synced_at, standing.time.zone)})" if card.synced_at else ""
    problem = "".join(f" The record {one.reason}." for one in aside)
    return (
        f"About the {place.role} with the {service} id {subject}, in section {card.section_source_id} of school "
        f"{standing.ground.school_source_id or 'unknown'}{read}: as we receive it from {service}, that section {lists} "
        f"this {place.role}.{problem} Could you check the enrollment there, and that the {place.role} and the section "
        "are both shared with our learning product?"
    )
