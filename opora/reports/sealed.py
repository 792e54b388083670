"""A sealed report read back from its text; writing it again gives the same text."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from opora.reports.counting import Broken, Counted, CountedCell, CountedRow, CountedTable, Heading, Value
from opora.reports.narrative import Section, Text
from opora.reports.writers.layout import as_number

if TYPE_CHECKING:
    from opora.reports.models import Seal


def counted(seal: Seal) -> Counted:
    """Return the report as it was counted when the period was sealed."""
    return of_text(seal.body)


def of_text(text: str) -> Counted:
    """Read ``Counted.text``. Numbers with a point come back as ``Decimal``, what older texts lack as empty."""
    found = json.loads(text)
    return Counted(
        **found
        | {
            "tables": [_table(one) for one in found["tables"]],
            "broken": [Broken(**one) for one in found["broken"]],
            "words": _words(found.get("words")),
        }
    )


def _words(found: dict[str, Any] | None) -> Text | None:
    if found is None:
        return None
    sections = [
        Section(one["heading"], tuple(one["paragraphs"]), tuple(map(tuple, one["lists"]))) for one in found["sections"]
    ]
    return Text(found["title"], tuple(sections))


def _table(found: dict[str, Any]) -> CountedTable:
    rows = [CountedRow(**row | {"cells": [_cell(cell) for cell in row["cells"]]}) for row in found["rows"]]
    return CountedTable(**found | {"columns": [Heading(**one) for one in found["columns"]], "rows": rows})


def _cell(found: dict[str, Any]) -> CountedCell:
    return CountedCell(**found | {"value": _value(found["value"], found["unit"])})


def _value(value: Value, unit: str) -> Value:
    number = as_number(value, unit) if isinstance(value, str) else None
    return number if isinstance(number, Decimal) else value
