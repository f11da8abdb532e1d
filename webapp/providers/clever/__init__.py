"""Clever: sign-in, token list, Data API and change feed, in one folder. Clever's own field names stay in here.

`service.py` is what the table names; `records.py` holds the shapes as served, `translation.py` makes them ours,
`listing.py` walks the pages, `api.py` asks, `reader.py` reads a district (its `people.py`, its `surroundings.py`),
`events.py` its change feed. No OneRoster here.
"""
