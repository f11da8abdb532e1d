"""Clever: sign-in, token list and Data API, in one folder. Clever's own field names stay in here.

`service.py` is what the table names; `records.py` holds the shapes as served, `translation.py` makes them ours,
`listing.py` walks the pages, `reader.py` asks. No OneRoster here.
"""
