"""Each migration leaves what the code before it does possible: old code runs on while the new schema is there."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine, text

import webapp.store.migrations
from tests.servers import Servers
from webapp.store.migrations import migrate

# What the code of 0001 writes into the tables that 0002 changes, with the columns that it knows.
WRITTEN_BY_0001 = """
with d as (insert into district (name, time_zone, made_at) values ('Old', 'UTC', now()) returning id),
a as (insert into account (district_id, given_name, family_name, made_at)
      select id, 'Old', 'Person', now() from d returning id, district_id),
i as (insert into identity (district_id, account_id, provider, authority, kind, subject, valid_from)
      select district_id, id, 'clever', :mark, 'user_id', :mark, now() from a)
insert into connection (district_id, provider, provider_district, method, state, made_at)
select id, 'clever', :mark, 'teacher_choice', 'connected', now() from d
"""


def _to(connection: Connection, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(webapp.store.migrations.__file__).parent))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
    connection.commit()


def test_0002_keeps_what_was_there_and_lets_code_that_does_not_know_it_go_on(servers: Servers, worker_id: str):
    url = servers.postgres.ensure_database(f"migrating_{worker_id}")
    engine = create_engine(url)
    with engine.connect() as connection:
        _to(connection, "0001")
        connection.execute(text(WRITTEN_BY_0001), {"mark": "before"})
        connection.commit()
        assert migrate(url) >= "0002"
        connection.execute(text(WRITTEN_BY_0001), {"mark": "after"})
        connection.commit()
        told = connection.execute(text("select subject, enabled from identity order by 1")).all()
        assert [tuple(row) for row in told] == [("after", True), ("before", True)]
        look = "select count(*) from connection where look_at is null and missing_since is null and feed_cursor is null"
        assert connection.execute(text(look)).scalar_one() == 2
    engine.dispose()
