"""ClassLink: LaunchPad sign-in and the table of districts' roster servers. Their rosters are OneRoster, read next door.

`service.py` is what the table names; `sign_in.py` says who signed in, `applications.py` which districts let us read,
and `roster_door.py` goes there with their tokens.
"""
