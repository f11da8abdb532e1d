"""Several SQL statements in one text, so that what belongs together reads together."""

from collections.abc import Mapping

from sqlalchemy import Connection, text


def execute_each(connection: Connection, statements: str, parameters: Mapping[str, object]) -> None:
    """The statements, each ended by `;` at the end of a line, have been executed in order."""
    for statement in filter(None, map(str.strip, statements.split(";\n"))):
        connection.execute(text(statement), parameters)
