"""A golden file: a handful of facts and every cell a form makes of them, to be checked with a pencil.

    period 2024-03
    subject territory

    facts appeals                            # source; then: how many, and what differs from the usual fact
    2 kind=complaint form=written closed_on=2024-03-01

    cells 1.1  fund_oral fund_written all    # table and columns; rows that are not written hold only 0, x or –
    1          0         2            2

``like NAME`` takes the facts of another file. «–» is no number, «x» a cell that must be empty. Organisations: alfa,
beta, fund; clinics: clinic, clinic2.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.db.models import Model
from pydantic import TypeAdapter

from opora.classifiers.models import Topic
from opora.deadlines.packs import read_pack
from opora.informing.models import Campaign, Informed, MonthCount, Seal, Touch
from opora.insured.models import Person, Policy
from opora.organisations.models import HotLine
from opora.reports.counting import Counted, Report
from opora.reports.definitions import SHIPPED, ReportPack
from opora.reports.models.facts import NOBODY
from opora.reports.periods import Period
from opora.reports.sources import SOURCES
from opora.reports.subjects import Subject

HERE = Path(__file__).parent / "golden"
# What is no source of the room but measures ask.
ALSO: dict[str, type[Model]] = {
    "informed": Informed,
    "seals": Seal,
    "months": MonthCount,
    "lines": HotLine,
    "policies": Policy,
    "campaigns": Campaign,
    "touches": Touch,
}
USUAL: dict[str, dict[str, Any]] = {
    "appeals": {
        "insurer_id": "alfa", "kind": "consultation", "form": "oral", "channel": "hot_line", "origin": "direct",
        "standing": "identified", "topic_code": "2.1", "line_received": "sp1", "line": "sp1", "stage": "closed",
        "registered_hour": 9,
    },
    "reasons": {"insurer_id": "alfa", "form": "written", "channel": "post", "topic_code": "6.1"},
    "measures": {"insurer_id": "alfa"},
    "disputes": {"insurer_id": "alfa"},
    "claims": {"insurer_id": "alfa", "provider_id": "clinic"},
    "deliveries": {"insurer_id": "alfa", "category": "limited_mobility"},
    "surveys": {"insurer_id": "alfa", "round_id": 1},
    "recourse": {"insurer_id": "alfa", "recourse_id": UUID(int=1)},
    "public": {"insurer_id": "alfa", "subject": "other"},
    "informed": {
        "insurer_id": "alfa", "year": 2024, "measure": "screening", "theme": "screening_young", "channel": "sms",
        "way": "sms", "is_informing": "yes", "is_first": "yes", "came": "no", "cost": "3.00",
    },
    "campaigns": {"insurer_id": "alfa", "title": "-", "measure": "screening", "year": 2024},
    "touches": {
        "insurer_id": "alfa", "year": 2024, "campaign_id": 1, "wave_id": 1, "round": 1, "channel": "sms",
        "measure": "screening", "purpose": "invite", "lane": "bulk", "zone": "Asia/Novosibirsk",
        "not_before": "2024-03-01T00:00:00Z", "sent_at": "2024-03-01T00:00:00Z", "state": "sent",
    },
    "seals": {"insurer_id": "alfa", "year": 2024, "measure": "screening", "digest": "-"},
    "lines": {"organisation_id": "alfa", "phone": "88000000000", "is_round_the_clock": "no"},
    "policies": {"insurer_id": "alfa", "since": "2020-01-01"},
    "months": {
        "insurer_id": "alfa", "year": 2024, "repeated": 0, "came": 0, "cost": "0", "counted_at": "2024-04-01T00:00:00Z",
    },
}  # fmt: skip
DAYS = {"appeals": "registered_on", "reasons": "registered_on", "deliveries": "asked_on"}  # the day before, if not told


@dataclass(slots=True)
class Golden:
    """``facts`` — (source, how many, columns); ``cells`` — table → row → column → as written."""

    period: str = ""
    subject: str = "territory"
    facts: list[tuple[str, int, dict[str, str]]] = field(default_factory=list)
    cells: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)


def read(name: str) -> Golden:
    """Read ``golden/<name>.txt``."""
    found, place, columns = Golden(), "", []
    for raw in (HERE / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        words = raw.partition("#")[0].split()
        match words:
            case []:
                continue
            case ["period", period]:
                found.period = period
            case ["subject", subject]:
                found.subject = subject
            case ["like", other]:
                found.facts += read(other).facts
            case ["facts", source]:
                place = source
            case ["cells", table, *heads]:
                place, columns = f"cells {table}", heads
                found.cells.setdefault(table, {})
            case ["broken", *said]:
                found.broken.append(" ".join(said))
            case [row, *values] if place.startswith("cells "):
                found.cells[place.removeprefix("cells ")].setdefault(row, {}).update(zip(columns, values, strict=True))
            case [count, *pairs]:
                found.facts.append((place, int(count), dict(pair.split("=", 1) for pair in pairs)))
    return found


@cache
def pack(name: str) -> ReportPack:
    """Return the newest shipped edition of a form."""
    path = sorted(SHIPPED.glob(f"{name}-20*.json"))[-1]
    return TypeAdapter(ReportPack).validate_python(read_pack(path).content)


def subject(place: SimpleNamespace, code: str) -> Subject:
    insurer = {"territory": None, "fund": NOBODY}.get(code, code)
    pk = getattr(place, insurer).pk if isinstance(insurer, str) else insurer
    return Subject(place.nsk.code, pk, code, code)


def report(place: SimpleNamespace, name: str, golden: Golden, **also: Any) -> Report:
    return Report(pack(name), subject(place, golden.subject), Period.read(golden.period), **also)


def fill(place: SimpleNamespace, facts: list[tuple[str, int, dict[str, str]]]) -> None:
    """Put facts into the tables; the scope must be the system's. A policy is of a person of its own."""
    made, topics = 0, {topic.code: topic.pk for topic in Topic.objects.order_by("edition__since", "pk")}
    for name, count, given in facts:
        model = ALSO[name] if name in ALSO else SOURCES[name].model
        columns = {one: _read(model, one, text, place) for one, text in {**USUAL[name], **given}.items()}
        if "topic_code" in columns:
            columns["topic_id"] = topics[columns["topic_code"]]
        if name in DAYS:
            columns.setdefault(DAYS[name], columns.get("closed_on") or columns.get("handed_on") or date(2024, 3, 1))
        if "performer" in {field.name for field in model._meta.fields}:
            columns.setdefault("performer", "insurer" if columns["insurer_id"] else "fund")
        rows = []
        for _ in range(count):
            made += 1
            keys = {one: _key(model, one, made) for one in _keys(name, model) if one not in columns}
            if name == "policies":
                keys |= {"person": _person(place), "kind": Policy.Kind.UNIFORM, "number": str(made)}
            elif name != "lines":
                keys["territory"] = place.nsk.code
            rows.append(model(**columns, **keys))
        model._default_manager.bulk_create(rows)


def differences(counted: Counted, golden: Golden) -> Iterator[str]:
    """Yield a line for each cell that is not as written."""
    for code, rows in golden.cells.items():
        table = counted.table(code)
        columns = {column for row in rows.values() for column in row}
        for row in table.rows:
            for cell in row.cells:
                shown = "x" if cell.is_empty else "–" if cell.value is None else str(cell.value)
                wanted = rows.get(row.code, {}).get(cell.column)
                if wanted is None and row.code not in rows and cell.column in columns:
                    wanted = shown if shown in {"0", "x", "–", "0.0", "0.00"} else "0"
                if wanted is not None and wanted != shown:
                    yield f"{code}/{row.code}/{cell.column}: {shown}, в файле {wanted}"
        for row_code in set(rows) - {row.code for row in table.rows}:
            yield f"{code}/{row_code}: такой строки нет"


def _person(place: SimpleNamespace) -> Person:
    return Person.objects.create(
        territory=place.nsk, surname="Иванова", given_name="Анна", birth_on=date(1980, 1, 1), sex=Person.Sex.FEMALE
    )


def _keys(name: str, model: Any) -> list[str]:
    """Columns that lead elsewhere: each row has its own."""
    if name == "touches" or model._meta.pk.get_internal_type() == "BigAutoField":
        return []
    own = [model._meta.pk.name]
    if name == "informed":
        return [*own, "person_id"]
    appeal = SOURCES[name].appeal if name in SOURCES else ""
    return own + ([appeal] if appeal and appeal not in own else [])


def _key(model: Any, name: str, number: int) -> Any:
    kind = model._meta.get_field(name).get_internal_type()
    return UUID(int=number) if kind == "UUIDField" else str(number) if kind == "CharField" else number


def _read(model: Any, name: str, text: Any, place: SimpleNamespace) -> Any:
    if name in {"insurer_id", "about_id", "taken_by_id", "provider_id", "organisation_id"}:
        return NOBODY if text == "fund" else getattr(place, text).pk
    if name == "flags":
        return text.split(",")
    if text == "''":
        return ""
    if not isinstance(text, str):
        return text
    match model._meta.get_field(name).get_internal_type():
        case "DateTimeField":
            return datetime.fromisoformat(text)
        case "DateField":
            return date.fromisoformat(text)
        case "DecimalField":
            return Decimal(text)
        case "BooleanField":
            return text == "yes"
        case "CharField":
            return text
        case _:
            return int(text)
