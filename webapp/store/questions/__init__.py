"""Named questions to the database: a file per subject, a function per question, each named as it would be asked.

A question takes a session (whose door decides what it may see) and returns rows or small frozen values. It never
writes, never commits and never reads the clock: `now` is passed in.
"""
