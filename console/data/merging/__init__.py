"""Merging records into one, so that every row is accounted for and the merge can be undone."""
