"""Рабочий стол — the page an employee begins with; it composes what the rooms below offer.

Door: views.
"""
