"""What a district's own roster says of a visitor: the only word on who is a student."""

from webapp.actions.connection_access import reader_of
from webapp.actions.refusals import DistrictUnknown, SwitchedOffThere
from webapp.providers.errors import NotShared, ProviderError
from webapp.providers.service import RosterReader, Service, Visitor
from webapp.roster.records import Person, Role
from webapp.store import database
from webapp.store.questions.people import live_connection
from webapp.store.tables import Connection


def roster_record(visitor: Visitor, services: dict[str, Service]) -> Person:
    """The visitor's record, asked now with the district's token.

    Raises DistrictUnknown where no live connection reads that district, SwitchedOffThere where the record says that
    they may not sign in, NotShared where the roster does not have them, and every other ProviderError.
    """
    service = services[visitor.provider]
    reader = _reader(visitor, service)
    source_id = visitor.subjects.get(service.roster_kind)
    if source_id is None:
        raise NotShared("The service does not tell which roster record is theirs.")
    person = reader.person(source_id)
    if not person.enabled:
        raise SwitchedOffThere
    return person


def district_says(visitor: Visitor, services: dict[str, Service]) -> str:
    """What the service says about the data of the visitor's district now; "" where all is well, or it does not say."""
    try:
        return _reader(visitor, services[visitor.provider]).condition().sentence
    except ProviderError:
        return ""


def _reader(visitor: Visitor, service: Service) -> RosterReader:
    with database.directory() as session:
        found = live_connection(session, visitor.provider, visitor.authority) if visitor.authority else None
    if found is None:
        raise DistrictUnknown
    district_id, connection_id = found
    with database.tenant(district_id) as session:
        connection = session.get_one(Connection, connection_id)
    return reader_of(connection, service)


def only_student(person: Person) -> bool:
    """True for somebody who is a student and nothing else."""
    return set(person.roles) == {Role.STUDENT}
