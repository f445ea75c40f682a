"""The data layer: the one door to the database (``desk``), tables, records, and one module a noun or verb."""
