"""The servers that tests share are the real ones, and each test finds them empty."""

import psycopg
import redis


def _ask(database_url: str, question: str) -> object:
    with psycopg.connect(database_url.replace("+psycopg", ""), autocommit=True) as connection:
        row = connection.execute(question.encode()).fetchone()
        return row[0] if row else None


def test_the_database_is_postgresql_18_with_every_table(database_url: str) -> None:
    assert str(_ask(database_url, "SHOW server_version")).startswith("18.")
    assert _ask(database_url, "SELECT count(*) FROM district") == 0


def test_the_queue_is_valkey_and_begins_empty(queue_url: str) -> None:
    with redis.Redis.from_url(queue_url) as queue:
        assert queue.info("server")["server_name"] == "valkey"
        assert queue.dbsize() == 0
        queue.set("left", "over")


def test_the_queue_is_empty_again_in_the_next_test(queue_url: str) -> None:
    with redis.Redis.from_url(queue_url) as queue:
        assert queue.dbsize() == 0
