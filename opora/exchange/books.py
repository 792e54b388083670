"""The house's own knowledge for mapping: code books by system, topics, organisations by code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from opora.classifiers import queries
from opora.classifiers.book import Book
from opora.classifiers.models import Topic
from opora.exchange.codebook import HMAO
from opora.organisations.models import Organisation

TOPIC_LISTS = ("topic", "topic:")


def book_of(system: str, on: date) -> Book:
    """Return a partner's codes on a day. One query."""
    return queries.codes(system, on)


def themes(on: date) -> frozenset[str]:
    """Return every theme the partner HMAO may write, empty when the house has no book of his."""
    book = book_of(HMAO, on)
    return frozenset(theirs for (of, theirs) in book.reads if of.startswith(TOPIC_LISTS))


@dataclass(slots=True)
class Known:
    """Look-ups for one file without a query per record."""

    topics: dict[str, Topic]
    organisations: dict[str, list[Organisation]]
    employees: dict[str, int]

    def organisation(self, code: str, *kinds: str) -> Organisation | None:
        """Return the organisation of a code; where several kinds share it, the first of ``kinds`` that fits."""
        found = self.organisations.get(code, [])
        for kind in kinds:
            for one in found:
                if one.kind == kind:
                    return one
        return found[0] if found else None


def known(territory: str, on: date, guids: set[str], codes: set[str]) -> Known:
    """Read what the records of one file name. Four queries."""
    from opora.organisations.models import Employee

    organisations: dict[str, list[Organisation]] = {}
    for one in Organisation.objects.filter(code__in=codes):
        organisations.setdefault(one.code, []).append(one)
    employees = Employee.objects.filter(guid__in=guids).values_list("guid", "pk")
    return Known(
        topics={topic.code: topic for topic in queries.topics(territory, on)},
        organisations=organisations,
        employees={str(guid): pk for guid, pk in employees},
    )
