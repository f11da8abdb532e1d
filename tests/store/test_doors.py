"""The two doors to the database: what a tenant sees, what the directory sees, and what nobody may do."""

from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from tests.factory import NOW, a_house, a_teacher
from webapp.store.audit import note
from webapp.store.database import directory, engine, tenant
from webapp.store.migrations import migrate
from webapp.store.tables import Base

# In an order that is the same in every worker of a test run.
TABLE_CLASSES = sorted((mapper.class_ for mapper in Base.registry.mappers), key=lambda table: table.__name__)
TENANT_TABLES = sorted(table.name for table in Base.metadata.tables.values() if "district_id" in table.columns)


@pytest.mark.parametrize("table", [*TENANT_TABLES, "district"])
def test_SEC_18_every_tenant_table_forces_row_level_security(database_url: str, table: str):
    with engine().connect() as connection:
        forced = connection.execute(
            text("select relrowsecurity and relforcerowsecurity from pg_class where relname = :name"), {"name": table}
        ).scalar_one()
    assert forced


def test_SEC_18_the_two_roles_neither_own_nor_bypass(database_url: str):
    with engine().connect() as connection:
        rows = connection.execute(
            text("""select rolname, rolsuper or rolbypassrls or rolcanlogin,
                    exists (select from pg_class where relowner = r.oid)
                    from pg_roles r where rolname like 'rollbook\\_%' order by 1""")
        ).all()
    assert [tuple(row) for row in rows] == [("rollbook_app", False, False), ("rollbook_directory", False, False)]


def test_SEC_18_a_tenant_sees_its_own_rows_and_no_others(database_url: str):
    ours, theirs = a_house(), a_house()
    a_teacher(ours, "one")
    a_teacher(theirs, "two")
    for house, name in ((ours, "One"), (theirs, "Two")):
        with tenant(house.district_id) as session:
            assert session.scalars(text("select given_name from account")).all() == [name]
            assert session.scalars(text("select id from district")).all() == [house.district_id]


def test_SEC_18_without_a_district_nothing_is_seen(database_url: str):
    a_teacher(a_house())
    with tenant(uuid4()) as session:
        assert not [table for table in TENANT_TABLES if session.scalar(text(f"select count(*) from {table}"))]


def test_SEC_18_a_reused_connection_remembers_no_district(database_url: str):
    house = a_house()
    a_teacher(house)
    with tenant(house.district_id) as session:
        assert session.scalar(text("select count(*) from account")) == 1
    with engine().connect() as connection, connection.begin():
        connection.execute(text("set local role rollbook_app"))
        assert connection.scalar(text("select count(*) from account")) == 0


def test_SEC_18_a_tenant_cannot_write_into_another(database_url: str):
    ours, theirs = a_house(), a_house()
    with pytest.raises(ProgrammingError, match="row-level security"), tenant(ours.district_id) as session:
        session.execute(
            text("insert into term (district_id, connection_id, source_id, name) values (:d, :c, 'x', 'x')"),
            {"d": theirs.district_id, "c": theirs.connection_id},
        )


@pytest.mark.parametrize(
    "question",
    [
        "select given_name from account",
        "select account_id from enrollment",
        "select secret_hash from identity",
        "select sealed_token from connection",
        "select address from invitation",
        "select counts from sync_run",
        "select before from change",
        "select name from section",
    ],
)
def test_SEC_18_the_directory_sees_no_names_no_rosters_and_no_secrets(database_url: str, question: str):
    with pytest.raises(ProgrammingError, match="permission denied"), directory() as session:
        session.execute(text(question))


@pytest.mark.parametrize("change", ["update audit set action = 'x'", "delete from audit", "truncate audit"])
def test_SEC_32_the_book_is_append_only_for_both_doors(database_url: str, change: str):
    house = a_house()
    with tenant(house.district_id) as session:
        note(session, "sign_in", at=NOW, district_id=house.district_id)
    for door in (lambda: tenant(house.district_id), directory):
        with pytest.raises(ProgrammingError, match="permission denied"), door() as session:
            session.execute(text(change))


def test_the_migrations_make_exactly_the_tables_that_the_code_declares(database_url: str):
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    with engine().connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_migrating_twice_changes_nothing(database_url: str):
    assert migrate(database_url) == migrate(database_url)


@pytest.mark.parametrize("table", TABLE_CLASSES, ids=lambda table: table.__name__)
def test_every_table_says_how_long_its_rows_are_kept(table: type):
    assert "Retention: " in (table.__doc__ or "")
