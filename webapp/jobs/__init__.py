"""What runs later: the queue's few functions, the clock with its table of periodic work, the sweeper.

A job is an id and one call of an action; it may be delivered twice or never. No decisions and no queries live here.
"""
