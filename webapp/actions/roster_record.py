"""What a district's own roster says of a visitor: the only word on who is a student."""

from webapp.actions.connection_access import reader_of
from webapp.actions.refusals import DistrictUnknown
from webapp.providers.errors import NotShared
from webapp.providers.service import Service, Visitor
from webapp.roster.records import Person, Role
from webapp.store import database
from webapp.store.questions.people import live_connection
from webapp.store.tables import Connection


def roster_record(visitor: Visitor, services: dict[str, Service]) -> Person:
    """The visitor's record, asked now with the district's token.

    Raises DistrictUnknown where no live connection reads that district, NotShared where the roster does not have them.
    """
    service = services[visitor.provider]
    with database.directory() as session:
        found = live_connection(session, visitor.provider, visitor.authority) if visitor.authority else None
    if found is None:
        raise DistrictUnknown
    district_id, connection_id = found
    with database.tenant(district_id) as session:
        connection = session.get_one(Connection, connection_id)
    source_id = visitor.subjects.get(service.roster_kind)
    if source_id is None:
        raise NotShared("The service does not tell which roster record is theirs.")
    return reader_of(connection, service).person(source_id)


def only_student(person: Person) -> bool:
    """True for somebody who is a student and nothing else."""
    return set(person.roles) == {Role.STUDENT}
