"""The `helpdesk` command, one noun a file. Nothing here draws; commands import what they need when they run."""
