"""What a plan may not conclude while a service does not stand by its own data, or a district wants to be left alone."""

from sqlalchemy import Connection

from webapp.store.comparison import Question
from webapp.store.statements import execute_each

# Nor does a class go on with another section then: whom that one does not list would leave it.
_UNCONTINUED = """
delete from plan_enrollment where class_id in (select class_id from continued);
delete from plan_class where what = 'continued';
"""
# A class whose term is over by what we knew before may be archived all the same: districts pause in summer.
_LEAVE_OUT = f"""{_UNCONTINUED}
delete from plan_enrollment where what in ('removed', 'agreed');
delete from plan_class where what in ('frozen', 'agreed');
delete from plan_class p using section s
where p.what = 'archived' and s.connection_id = :connection and s.source_id = p.source_id
  and (select bool_and(t.ends_on < :archive_before)
       from unnest(s.term_source_ids) as named(source_id)
       join term t on t.connection_id = :connection and t.source_id = named.source_id) is not true;
"""


def leave_absences_out(connection: Connection, question: Question) -> None:
    """The plan removes nobody and freezes nothing; whoever is new and whatever is different stays in it."""
    execute_each(connection, _LEAVE_OUT, question.parameters())


_LEAVE_ALONE = f"""{_UNCONTINUED}
delete from plan_enrollment where what in ('removed', 'agreed');
delete from plan_class where what in ('frozen', 'archived', 'agreed');
"""


def leave_classes_alone(connection: Connection) -> None:
    """The plan removes nobody, and freezes and archives nothing: a blackout of the district's own (REL-32)."""
    execute_each(connection, _LEAVE_ALONE, {})
