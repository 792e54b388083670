"""A journal of many years for measuring: a year of invented appeals, copied by sets until there are millions.

Words: the *model* is a year of the stream of ``opora.simulation.journal``; a *copy* is one of its appeals with another
key, number, moment, person and wording, and with everything its lists, card and counters read.
Door: ``archive``, ``for_facts``, ``open_ones``, ``facts.ensure_facts`` for works that count reports.
"""

from config.bench.archive.house import House
from config.bench.archive.place import archive, for_facts, open_ones

__all__ = ["House", "archive", "for_facts", "open_ones"]
