"""The helpdesk console."""

__version__ = "0.1.0"
