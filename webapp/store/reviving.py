"""A section whose class was left in the archive of an ended license or taken back, and that another class follows."""

from uuid import UUID

from sqlalchemy import Connection

from webapp.store.applying import Applier

# Only an archived class of a license that is over, or one that was taken back, is in the way: the comparison plans no
# other.
_GIVE_UP_SECTIONS = """
create temp table left_behind on commit drop as
select cs.id, cs.class_id, p.source_id from plan_class p
join section s on s.connection_id = :connection and s.source_id = p.source_id
join class_source cs on cs.section_id = s.id and cs.until_at is null
where p.what in ('added', 'continued') and cs.class_id <> p.class_id and p.class_id = any(:classes);
update class_source cs set until_at = :now from left_behind b where cs.id = b.id;
insert into change (district_id, run_id, actor_account_id, record, record_id, class_id, what, before, after, at)
select :district, :run, :actor, 'class', class_id, class_id, 'updated', jsonb_build_object('follows', source_id),
       jsonb_build_object('follows', null), :now from left_behind;
"""


def give_up_sections(connection: Connection, applier: Applier, classes: list[UUID]) -> None:
    """The sections that these classes will follow are followed by no archived class any more, journalled."""
    applier.run(connection, _GIVE_UP_SECTIONS, classes=classes)
