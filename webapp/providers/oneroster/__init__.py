"""OneRoster 1.1 over REST, as ClassLink serves it; tolerant of what 1.2 brought and of what servers make of both.

`records.py` holds the shapes as served, `translation.py` and `enrollments.py` make them ours, `paging.py` walks
collections, `feed.py` asks, `reader.py` reads a district. Nothing here knows of sign-ins, or where tokens come from.
"""
