"""Tests for rows of the services' certification lists that no room's own tests show as a whole.

Each is named for its row (`test_clever_row_24_...`) and stands on docs/certification.md. What belongs to one room alone
is tested there: this folder has only what takes a service, our database and often a page together.
"""
