"""OneRoster CSV packages, versions 1.1 and 1.2, as a folder or a zip: the files that a school system exports.

`package.py` finds the files, `manifest.py` says what they are, `lines.py` reads them line by line, `columns.py` and
`table.py` make rows of them, of the very shapes that OneRoster has over REST; `reader.py` reads a whole district.
Nothing here knows of uploads or of what is held already. What is wrong with a package is told as `faults.py` has it.
"""
