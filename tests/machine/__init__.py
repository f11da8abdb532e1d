"""Random days in a small district, done by the real product and by a plain model beside it (TEST-2, TEST-3).

`model.py` is written from the words of product.md, design.md and safety.md, never from the product's code.
"""
