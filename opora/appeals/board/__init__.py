"""Табло — the board on a wall: how many wait, are late, were answered today, by organisation and line.

Words: Figures (numbers of one line), Place (an organisation with its lines), Screen (a wall that shows it without a
sign-in). Every number is a sum of counters kept by triggers; nothing here reads an appeal or names a person.
"""
