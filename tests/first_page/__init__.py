"""The first page, part by part; what a terminal shows of it is tests/end_to_end/test_first_page.py."""
