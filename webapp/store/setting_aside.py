"""What a comparison set aside or noted as odd is remembered, until a sync reads the record and finds it mended."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from webapp.store.comparison import Question
from webapp.store.statements import execute_each

SEEN_AGAIN_AFTER = timedelta(hours=20)
"""Once a day it is noted that a record is still so; a sync of unchanged data writes nothing (REL-17)."""

_REMEMBER = """
create temp table found_now on commit drop as
select distinct on (record, source_id, reason) * from (
    select *, false as odd from set_aside union all select *, true from odd) found
order by record, source_id, reason, odd;
update record_set_aside r set odd = f.odd, section_source_id = f.section_source_id, last_seen_at = :now
from found_now f
where r.connection_id = :connection and (r.record, r.source_id, r.reason) = (f.record, f.source_id, f.reason)
  and (r.odd <> f.odd or r.last_seen_at < :long_ago);
insert into record_set_aside
    (district_id, connection_id, record, source_id, reason, section_source_id, odd, first_seen_at, last_seen_at)
select :district, :connection, f.record, f.source_id, f.reason, f.section_source_id, f.odd, :now, :now
from found_now f where not exists (
    select from record_set_aside r where r.connection_id = :connection
    and (r.record, r.source_id, r.reason) = (f.record, f.source_id, f.reason));
"""

# A sync of some sections has read these, their people, and what those name; a sync of everything all there is. What a
# service leaves out while it does not stand by its data was not read.
_MENDED = """
create temp table read_now on commit drop as
select 'section' as record, source_id from in_play where :settled union select 'section', source_id from kept_section
union select 'person', source_id from stage_person union select 'school', source_id from stage_school
union select 'term', source_id from stage_term union select 'course', source_id from stage_course;
delete from record_set_aside r where r.connection_id = :connection
  and ((:everything and :settled) or (r.record, r.source_id) in (select record, source_id from read_now)
       or (:settled and r.section_source_id in (select source_id from read_now where record = 'section')))
  and not exists (select from found_now f where (f.record, f.source_id, f.reason) = (r.record, r.source_id, r.reason));
"""


def remember_set_aside(
    connection: Connection, question: Question, now: datetime, *, everything: bool, settled: bool
) -> None:
    """What this run set aside is written down; what it read and found mended, or found gone, is no longer."""
    about = {"now": now, "long_ago": now - SEEN_AGAIN_AFTER, "everything": everything, "settled": settled}
    execute_each(connection, _REMEMBER + _MENDED, question.parameters() | about)
