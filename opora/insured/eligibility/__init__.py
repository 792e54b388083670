"""Право на осмотр — who may pass what this year, and why: for the desk, the page, the plan and the criticism of lists.

The rules are data: packs of kind ``eligibility`` (``packs``), loaded by ``opora load eligibility FILE``, laid over one
another into a ``Book`` (``book``). ``decide`` judges one person, ``sets`` judges millions by the same rules in SQL.
Rooms above tell visits, lists and refusals through ``facts.register``.
Door: ``of_card`` (the line to say aloud), ``of_person``, ``decide``, ``explain``, ``sets``, ``facts``.
Source: domain handbook 07.
"""

from opora.insured.eligibility.book import Book, Rule, read_book
from opora.insured.eligibility.current import book, of_card, of_person
from opora.insured.eligibility.deciding import Decision, Known, decide
from opora.insured.eligibility.explanation import aloud, explain
from opora.insured.eligibility.words import Measure, Reason, Status

__all__ = [
    "Book",
    "Decision",
    "Known",
    "Measure",
    "Reason",
    "Rule",
    "Status",
    "aloud",
    "book",
    "decide",
    "explain",
    "of_card",
    "of_person",
    "read_book",
]
