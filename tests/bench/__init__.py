"""`make bench`: what the product costs, each figure beside a yardstick measured in the same run.

No test: nothing here passes or fails. This machine may be busy, so only the ratios inside one line mean something.
"""
