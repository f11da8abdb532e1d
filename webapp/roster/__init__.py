"""The core: what a roster is, and its rules.

Here live the vocabulary (records), the guard, the choice of license and the other rules as pure functions: values in,
values out. Standard library only; no clock, no database, no HTTP, no provider's own field names.
"""
