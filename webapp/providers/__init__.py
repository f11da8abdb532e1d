"""The outside: rostering services. A folder each (sign-in data, translation, reading), one line each in `table.py`.

`wire.py` holds the HTTP manners for all of them, `errors.py` what can go wrong, `service.py` what every one can do.
A provider's own field names never leave its folder: what comes out are `roster.records`. No database here, no Flask.
"""
