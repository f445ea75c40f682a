"""Merging records into one, so that every row is accounted for and the merge can be undone. See docs/decisions."""

from console.data.merging.apply import merge
from console.data.merging.preview import preview
from console.data.records.merging import Choices

__all__ = ["Choices", "merge", "preview"]
