"""The monthly analysis in words: figures in, good Russian out, by rules. Pure: no database, no clock, no settings.

    text = narrative.write(Analysis(...))
    text.plain(), text.html(), text.sections

The same figures give the same text, byte for byte. What each rule is, and when «почти» or «более» may be said, stands
in the module that says it: ``change`` (growth), ``numbers`` (rounding, shares), ``dates``, ``grammar``; the words are
in ``words``. Whole texts to read: ``reports/tests/narrative/golden``.
"""

from opora.reports.narrative.analysis import Analysis, Complaints, Count, Item, Measure, Name, Timeliness
from opora.reports.narrative.text import Section, Text
from opora.reports.narrative.writing import write

__all__ = [
    "Analysis",
    "Complaints",
    "Count",
    "Item",
    "Measure",
    "Name",
    "Section",
    "Text",
    "Timeliness",
    "write",
]
