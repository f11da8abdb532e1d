"""The front doors: one blueprint per audience, and the web application's own safety.

A view guards (the table in `access.py`), calls one action or asks a question, and answers with a page. Only actions
write. Templates lie in templates/<audience>/. Here and in `commands` alone Flask is known.
"""

from webapp.views.application import create_app

__all__ = ["create_app"]
