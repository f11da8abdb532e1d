"""The memory: tables, named questions, staging and set comparison, the two doors to the database, migrations.

Nothing here commits but the doors (`database.py`); questions are functions that take a session. No HTTP, no Flask, no
decisions: those are `roster`'s (pure) and `actions`' (with a transaction).
"""
