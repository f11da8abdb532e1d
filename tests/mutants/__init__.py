"""Guards taken out one at a time (safety.md TEST-8): `python -m tests.mutants` shows that a test notices each of them.

The tables say what is changed where; workshop.py has a copy of the tree to change. The tree itself is never touched.
"""
