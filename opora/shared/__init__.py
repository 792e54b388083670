"""Общее — what has no domain: dates, numbers on paper, pieces of pages, the embedded database. It knows nobody."""
