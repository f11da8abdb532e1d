"""The crash harness (safety.md TEST-4): real workers on a real database and queue, killed or frozen at named places.

`points.py` is the matrix, `town.py` the district, `nursery.py` forks the processes, `trial.py` does one case and
`meaning.py` says what must be equal afterwards. `python -m tests.crash --seeds 5` is the long form.
"""
