"""What a whole run has done, from its journal: however often it was begun, killed and begun again."""

from uuid import UUID

from sqlalchemy import Connection, text

_SHARED = " + ".join(
    f"(select count(*) from kept_{name})" for name in ("school", "term", "course", "section", "person", "enrollment")
)
_COUNTS = f"""
with done as (
    select record, record_id, what,
           record = 'class' and coalesce(after ->> 'state' in ('frozen', 'archived'), false) as put_away,
           record <> 'class' and what <> 'removed' and (after ->> 'state' = 'ended') is not true as shared
    from change where run_id = :run)
select count(*) filter (where what = 'added') as added,
       count(*) filter (where what = 'updated' and not put_away) as updated,
       count(*) filter (where what = 'removed' or put_away) as removed,
       greatest(0, {_SHARED} - count(distinct (record, record_id)) filter (where shared)) as unchanged,
       (select count(*) from set_aside) as held_back
from done
"""


def run_counts(connection: Connection, run_id: UUID) -> dict[str, int]:
    """Records of all types that the run added, updated, removed, found unchanged, and set aside by a rule.

    On the connection that holds its plan. What waits for a person is in none of the first three.
    """
    row = connection.execute(text(_COUNTS), {"run": run_id}).one()
    return {name: int(value) for name, value in row._mapping.items()}
