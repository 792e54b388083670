"""Год страховой — one insurer's informing of 2024 lived through the tables, month by month.

Words: Targets (published figures at a scale), World (the insurer, its people, clinics, colleagues), Tick (a month),
Carry (what providers, operators and the post did with a wave). Door: ``year.live``, ``opora simulate akbars-2024``.
The published figures are what the year aims at; what is printed is counted over rows (``informing/sql/year.sql``).
"""
