"""Rollbook: brings classes over from Clever, ClassLink and CSV files, and keeps their rosters right.

Each room below says in its own first lines what lives in it and what may not. Imports point downwards only:
commands > views > jobs > actions > providers | mail | store > roster | settings. Nothing lives in this file.
"""
