"""Bringing clients and organizations in from files: read in chunks, checked, written as one batch."""

from console.data.transfer.report import Options, Report
from console.data.transfer.run import import_clients, import_organizations

__all__ = ["Options", "Report", "import_clients", "import_organizations"]
