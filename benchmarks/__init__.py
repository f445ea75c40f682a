"""What performance is measured with: one module a subject, all of them by `make bench`."""
