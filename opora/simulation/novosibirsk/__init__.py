"""A fund's contact centre: January–August of 2025 and of 2024, one fund and three insurers of the Novosibirsk region.

Words: Aims (how many appeals of each sort, at a scale), Office (the fund, insurers a, b, c), Counted (what plain SQL
finds in the journal). Door: ``months.live``, ``opora simulate novosibirsk-2025``. What was published and how it follows
from the chosen numbers stands in ``published.json`` and ``doors.tsv``; nothing else knows these figures.
"""
