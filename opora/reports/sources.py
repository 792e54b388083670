"""Sources of facts: where the rows of a number lie, which days place them, what they may be told apart by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import models

from opora.informing.models import Informed
from opora.reports.models import (
    AppealFact,
    ClaimFact,
    DeliveryFact,
    DisputeFact,
    MeasureFact,
    PublicFact,
    ReasonFact,
    RecourseFact,
    SurveyFact,
)


@dataclass(frozen=True, slots=True)
class Source:
    """``columns`` may stand in a ``where``, ``sums`` in the ``field`` of a column; ``days`` — name → column.

    ``has_rows`` — of forms: generations whose rows (``row:pg-b``) are derived from kind, topic and flags.
    ``appeal`` — the column that leads to an appeal, empty when none does.
    """

    name: str
    model: type[models.Model]
    days: Mapping[str, str]
    columns: frozenset[str]
    sums: frozenset[str] = frozenset()
    has_rows: bool = False
    appeal: str = ""

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    @property
    def title(self) -> str:
        return str(self.model._meta.verbose_name_plural)

    @property
    def key(self) -> str:
        return str(self.model._meta.pk.column)

    @property
    def whose(self) -> list[str]:
        """Columns that name an insurer: whose number a fact may be in."""
        named = ("insurer_id", "about_id", "taken_by_id")
        return [one for one in named if one in {field.column for field in self.model._meta.concrete_fields}]


def _names(*lines: str) -> frozenset[str]:
    return frozenset(" ".join(lines).split())


_APPEAL_COLUMNS = _names(
    "performer kind form channel origin standing topic_code flags line_received line stage outcome verdict is_repeat",
    "in_time was_extended at_once registered_hour registered_month registered_weekday closed_month",
    "month_of_year is_closed",
    "insurer_id taken_by_id about_id",
)
_ALL = (
    Source(
        "appeals",
        AppealFact,
        {"registered": "registered_on", "closed": "closed_on"},
        _APPEAL_COLUMNS,
        _names("answer_days"),
        has_rows=True,
        appeal="appeal_id",
    ),
    Source(
        "reasons",
        ReasonFact,
        {"registered": "registered_on", "closed": "closed_on"},
        _names(
            "performer kind form channel origin topic_code flags provider_id verdict settled filer insurer_id about_id",
            "registered_month closed_month month_of_year is_closed",
        ),
        _names("amount"),
        has_rows=True,
        appeal="appeal_id",
    ),
    Source(
        "measures",
        MeasureFact,
        {"on": "on"},
        _names("how insurer_id"),
        _names("amount"),
        appeal="appeal_id",
    ),
    Source(
        "disputes",
        DisputeFact,
        {"filed": "filed_on", "decided": "decided_on"},
        _names("track outcome filer payer insurer_id is_paid"),
        _names("claimed awarded material moral"),
        appeal="appeal_id",
    ),
    Source(
        "claims",
        ClaimFact,
        {"filed": "filed_on", "decided": "decided_on"},
        _names("provider_id decision is_late insurer_id"),
    ),
    Source(
        "deliveries",
        DeliveryFact,
        {"asked": "asked_on", "ended": "ended_on", "handed": "handed_on"},
        _names("category state in_time insurer_id"),
        _names("tries"),
    ),
    Source(
        "surveys",
        SurveyFact,
        {"closed": "closed_on"},
        _names("survey_code round_id question answer insurer_id"),
        _names("people"),
    ),
    Source(
        "recourse",
        RecourseFact,
        {"on": "on"},
        _names("step outcome provider_id insurer_id"),
        _names("care expertise costs total"),
    ),
    Source(
        "public",
        PublicFact,
        {"on": "on"},
        _names("kind subject insurer_id"),
        _names("times"),
    ),
    Source(
        "contacts",
        Informed,
        {"on": "on"},
        _names("measure theme channel way is_informing is_first came insurer_id provider_id"),
        _names("cost"),
    ),
)
SOURCES: dict[str, Source] = {one.name: one for one in _ALL}

# Columns that are made of others.
MADE = {
    "flags": "f.flags::text[]",
    "registered_month": "to_char(f.registered_on, 'YYYY-MM')",
    "closed_month": "to_char(f.closed_on, 'YYYY-MM')",
    "registered_weekday": "extract(isodow FROM f.registered_on)::int",
    "month_of_year": "to_char(f.registered_on, 'MM')",
    "is_paid": "(f.awarded > 0)",
    "is_closed": "(f.closed_on IS NOT NULL)",
}
ROWS_OF = ("kind", "topic_id", "flags")  # what a row of a form is derived from
