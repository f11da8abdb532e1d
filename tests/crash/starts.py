"""Where the stories begin: what a database holds then, kept as rows and put into another one in no time."""

from dataclasses import dataclass

import psycopg

TABLES = """
select format('%I', tablename) from pg_tables where schemaname = 'public' and tablename <> 'alembic_version'
"""
SEQUENCES = "select format('%I', sequencename), coalesce(last_value, 0) from pg_sequences where schemaname = 'public'"


@dataclass(frozen=True)
class Rows:
    """Everything that a database holds."""

    tables: dict[str, bytes]
    sequences: dict[str, int]


def rows_of(database_url: str) -> Rows:
    """What this database holds now."""
    with _connect(database_url) as connection:
        tables = {str(name): b"" for (name,) in connection.execute(TABLES.encode()).fetchall()}
        for name in tables:
            with connection.cursor().copy(f"copy {name} to stdout".encode()) as copy:
                tables[name] = b"".join(map(bytes, copy))
        sequences = {str(name): int(str(last)) for name, last in connection.execute(SEQUENCES.encode()).fetchall()}
    return Rows(tables, sequences)


def put_rows(database_url: str, rows: Rows) -> None:
    """This database, whose tables are the same, holds exactly these rows."""
    with _connect(database_url) as connection:
        # Without foreign keys and triggers, so that the order does not matter.
        connection.execute("set session_replication_role = replica")
        connection.execute(";".join(f"delete from {name}" for name in rows.tables).encode())
        for name, lines in rows.tables.items():
            if lines:
                with connection.cursor().copy(f"copy {name} from stdin".encode()) as copy:
                    copy.write(lines)
        for name, last in rows.sequences.items():
            connection.execute("select setval(%s, %s, %s)", [name, max(last, 1), last > 0])


def _connect(database_url: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(database_url.replace("+psycopg", ""))
