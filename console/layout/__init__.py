"""How a list is laid out, in characters and the names of styles. Pure: the standard library only.

The first page is painted with it before Textual is imported, and the widgets draw with it: so both show the same.
Records here are named tuples, for importing ``dataclasses`` takes as long as painting the page.
"""
