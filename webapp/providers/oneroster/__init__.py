"""OneRoster 1.1 over REST, as ClassLink serves it; tolerant of what 1.2 brought and of what servers make of both.

`records.py` holds the shapes as served; `words.py`, `translation.py` and `enrollments.py` make them ours. `paging.py`
and `tally.py` walk lists, `feed.py` asks, `verified.py` what a server may not know, `credible.py` doubts.
`reader.py` reads a district: `classroom.py` one class, `around.py` what sections name, `offers.py` a teacher's list,
`changes.py` the delta. No sign-ins and no tokens here.
"""
