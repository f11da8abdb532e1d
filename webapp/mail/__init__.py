"""The letters: what each says (`letters.py`, templates/mail/) and how it leaves (`post.py`).

A letter waits as ids in the outbox table, put there by the transaction that causes it (store/outbox.py); it becomes
words only when it is sent (actions/write_letter.py). No remote images, no personal data in subjects. No Flask here,
and no database.
"""
