"""What the product does: one verb per file.

Each action owns its transactions, takes `now`, and knows no queue and no Flask.
Whoever calls an action that leaves a `requested` run nudges the queue afterwards; the sweeper finds what was missed.
"""
