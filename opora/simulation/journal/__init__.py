"""A believable stream of appeals for any period: rhythm of days and hours, doors, topics, three levels, late ones.

Door: ``work.load_journal(Stream(...))``. Shares are those of Novosibirsk, 8 months of 2025 (domain handbook 02 §6)
where a figure was published; what is assumed says so. Rows go through the same tables, triggers and row security as a
registered appeal; ``opora verify`` proves them afterwards.
"""
