"""The letters: what each says (`letters.py`, templates/mail/), how it waits (`outbox.py`), how it leaves (`post.py`).

A letter is put into the outbox table in the transaction that causes it, as ids; its words are made when it is sent. No
remote images, no personal data in subjects. No Flask.
"""
