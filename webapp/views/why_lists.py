"""Why is this list empty, or as short as it is? A class's roster, and a teacher's own classes."""

from collections.abc import Mapping, Sequence

from webapp.actions.offer_sections import CannotImport, OfferedSection
from webapp.providers.service import Service
from webapp.roster.coverage import Coverage
from webapp.store.questions.why import Aside
from webapp.store.tables import Connection
from webapp.views.times import moment
from webapp.views.why_words import Answer, Fact, Standing, rules_of_class

Subjects = Mapping[tuple[str, str, str], str]
Services = Mapping[str, Service]


def about_class(standing: Standing, aside: Sequence[Aside]) -> Answer:
    """Why this roster is empty, or lacks somebody."""
    card, service = standing.card, standing.service
    unusable = [one for one in aside if not one.odd]
    said = [standing.last_read()]
    if card.section_source_id:
        said.append(f"It brought us {_students(card.students + card.waiting)}.")
    said += [f"{_of_record(one)} could not be used: it {one.reason}." for one in unusable]
    said += [f"{_of_record(one)} is odd, and was taken all the same: it {one.reason}." for one in aside if one.odd]
    rules = rules_of_class(standing)
    if card.waiting:
        rules.insert(0, f"{_students(card.waiting)} of them waiting: no seat of the license is free.")
    follows = f"Nothing else: this roster is what {service} lists for the section, and what people here put by hand."
    next_step = [
        f"Whoever is missing has to be in that section in {service}, and shared with us. Then the next sync, or Sync "
        "now, brings them in."
    ]
    facts = [
        Fact("chat-left-text", f"What {service} said", said),
        Fact("signpost", "The rule that decided", rules or [follows]),
        Fact("info-circle", "What helps", next_step),
    ]
    return Answer(_verdict(standing, unusable), facts, _message(standing, unusable))


def known_of_teacher(
    licenses: Sequence[Coverage], connections: Sequence[Connection], subjects: Subjects, services: Services, zone: str
) -> Fact:
    """What our own records say of her before any service is asked."""
    names = ", ".join(f"“{license.name}”" for license in licenses)
    said = [f"You are on the license {names}." if names else "You are on no license."]
    for one in connections:
        label = services[one.provider].label if one.provider in services else "CSV files"
        last = one.last_good_sync_at
        when = f"its last good sync was on {moment(last, zone)}" if last else "it had no full sync yet"
        linked = any(key[:2] == (one.provider, one.provider_district or "") for key in subjects)
        login = "this login is linked to it" if linked else "this login is not linked to it"
        said.append(f"Your district is connected to {label}: {login}, and {when}.")
    if not connections:
        said.append("Your district has no rostering service connected.")
    return Fact("person", "What we know of you", said)


def about_my_classes(offered: Sequence[OfferedSection], services: Sequence[str], known: Fact) -> Answer:
    """Why My Classes or the import list is empty or short, where importing works."""
    label = " and ".join(services)
    open_ones = [one for one in offered if one.state == "importable"]
    here = [one for one in offered if one.state == "imported"]
    elsewhere = [one for one in offered if one.state == "not_covered"]
    said = [f"Asked just now, {label} lists you as a teacher of {_sections(len(offered))}."]
    rules = []
    if open_ones:
        rules.append(f"{_sections(len(open_ones))} not imported yet: classes come over when a teacher ticks them.")
    if here:
        rules.append(f"{_sections(len(here))} here already.")
    if elsewhere:
        rules.append(f"{_sections(len(elsewhere))} in a school that your license does not cover.")
    asked = Fact("chat-left-text", f"What {label} said", said)
    facts = [known, asked, Fact("signpost", "The rule that decided", rules)]
    verdict = "Your classes are ready to be added." if open_ones else "Everything that is shared with you is here."
    message = (
        f"{label} lists me as a teacher of {_sections(len(offered))} in our learning product, and at least one of mine "
        "is missing there. Could you check that I am its teacher, and that it is shared?"
    )
    return Answer(verdict, facts, message)


def about_obstacle(cause: CannotImport, known: Fact) -> Answer:
    """Why there is nothing to import: the one cause, checked just now."""
    facts = [
        known,
        Fact("signpost", "The one cause, checked just now", [cause.sentence]),
        Fact("info-circle", "What helps", [cause.advice]),
    ]
    return Answer(cause.sentence, facts, cause.message)


def _verdict(standing: Standing, unusable: Sequence[Aside]) -> str:
    card, service = standing.card, standing.service
    if card.students + card.waiting:
        return f"This roster has {_students(card.students + card.waiting)}."
    if card.section_source_id is None:
        return "Nobody has been put into this class yet."
    if unusable:
        return f"{len(unusable)} of {service}'s records for this class could not be used."
    if card.synced_at is None:
        return f"We have not read this section from {service} yet."
    return f"{service} lists no students in this section."


def _message(standing: Standing, unusable: Sequence[Aside]) -> str:
    """For the district's IT: the section's ids, and nobody's."""
    card, service = standing.card, standing.service
    if card.section_source_id is None:
        return ""
    read = f" when we last read it on {moment(card.synced_at, standing.time.zone)}" if card.synced_at else ""
    reasons = "; ".join(dict.fromkeys(one.reason for one in unusable))
    set_aside = f" {len(unusable)} of its records could not be used ({reasons})." if unusable else ""
    school = standing.ground.school_source_id or "unknown"
    return (
        f"Section {card.section_source_id} of school {school} came from {service} with"
        f" {_students(card.students + card.waiting)}{read}.{set_aside} Could you check who is enrolled in it there, and"
        " that its students are shared with our learning product?"
    )


def _of_record(one: Aside) -> str:
    return f"A {one.record} record"


def _students(count: int) -> str:
    return f"{count or 'no'} {'student' if count == 1 else 'students'}"


def _sections(count: int) -> str:
    return f"{count} {'section' if count == 1 else 'sections'}"
