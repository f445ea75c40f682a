"""The big base: invented clients, organizations and incidents by the million, the same every time."""
