"""Made-up but believable data, to look around in and to measure with. The same seed makes the same data."""
