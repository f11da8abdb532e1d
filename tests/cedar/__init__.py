"""Cedar, a third rostering service that nobody has: what `docs/adding-a-service.md` tells, done.

`service.py` would be the folder `webapp/providers/cedar/`, `settings.py` its lines in `webapp/settings.py`, and
`played.py` the folder `webapp/simulator/cedar/`. Nothing else in the house knows of it.
"""
