"""The terminal: one file per verb of `rollbook`, and the supervisor behind `rollbook run`.

Here live the verbs, the embedded PostgreSQL and Valkey, and the starting and stopping of processes. A verb reads its
arguments, calls one action or question, and prints the answer. Rules, queries and pages live in the rooms below.
"""
