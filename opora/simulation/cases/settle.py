"""Cases of closed complaints, laid down at once: who led them, what was checked, restored, disputed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import cycle
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from opora.complaints.models import (
    Case,
    CaseEvent,
    Claim,
    Control,
    Dispute,
    DoubtedService,
    Expert,
    RecordsRequest,
    Restoration,
    Violation,
)
from opora.complaints.words import ControlKind
from opora.organisations.models import Assignment, Organisation, Territory
from opora.shared.sql import question
from opora.simulation.cases.claims import Claims, claim_all, with_claims
from opora.simulation.cases.making import Maker
from opora.simulation.cases.numbering import number_acts
from opora.simulation.cases.told import Complaint

# Experts of a territory; the names are invented.
EXPERTS = (
    (ControlKind.EKMP, "Гордеева", "Лидия", "Терапия"),
    (ControlKind.EKMP, "Тихомиров", "Яков", "Хирургия"),
    (ControlKind.EKMP, "Ремезова", "Ирина", "Кардиология"),
    (ControlKind.EKMP, "Лужин", "Марк", "Онкология"),
    (ControlKind.MEE, "Счастливцева", "Ольга", "Организация здравоохранения"),
    (ControlKind.MEE, "Дорогин", "Павел", "Организация здравоохранения"),
)
SINCE = date(2021, 1, 1)

_closed = question(Path(__file__).parent / "sql", "closed")


@dataclass(frozen=True, slots=True)
class Settled:
    """How many cases, acts and claims were laid down."""

    cases: int = 0
    acts: int = 0
    claims: int = 0


@transaction.atomic
def settle_cases(territory: str, *, seed: int, claims: Claims | None = None) -> Settled:
    """Lay down a case for each closed complaint that has none, in the caller's scope; run twice it adds nothing.

    ``claims`` — how many acts of quality the clinics dispute before the fund.
    """
    complaints = _complaints(territory)
    if not complaints:
        return Settled()
    acts = with_claims(complaints, claims) if claims else {}
    maker = Maker(_experts(territory), _colleagues(territory), _clinics(territory), Random(seed))  # noqa: S311
    for complaint in complaints:
        maker.settle(complaint, acts.get(complaint.id, 1))
    if claims:
        claim_all(maker, claims)
    number_acts(maker.controls)
    for model, rows in (
        (Case, maker.cases),
        (RecordsRequest, maker.requests),
        (Control, maker.controls),
        (Violation, maker.violations),
        (Restoration, maker.restorations),
        (DoubtedService, maker.doubted),
        (Dispute, maker.disputes),
        (Claim, maker.claims),
        (CaseEvent, sorted(maker.events, key=lambda event: event.at)),
    ):
        _add(model, rows)
    return Settled(len(maker.cases), len(maker.controls), len(maker.claims))


def _add(model: Any, rows: Sequence[Any]) -> None:
    model.objects.bulk_create(rows, batch_size=1_000)


def _complaints(territory: str) -> list[Complaint]:
    zone = ZoneInfo(Territory.objects.get(pk=territory).time_zone)
    return [Complaint(territory=territory, zone=zone, **row._asdict()) for row in _closed(territory=territory)]


def _experts(territory: str) -> list[Expert]:
    return [
        Expert.objects.get_or_create(
            territory_id=territory,
            kind=kind,
            code=f"{territory[:2]}9{number:03}",
            defaults={"surname": surname, "given_name": given_name, "specialty": specialty, "since": SINCE},
        )[0]
        for number, (kind, surname, given_name, specialty) in enumerate(EXPERTS, start=1)
    ]


def _colleagues(territory: str) -> dict[int, cycle[Any]]:
    """Return who leads cases in each organisation: the third level of insurers, the second of the fund."""
    working = Assignment.objects.current().filter(organisation__territory=territory, role__slug__in=("sp3", "op2"))
    found: dict[int, list[Any]] = {}
    for one in working.select_related("employee").order_by("pk"):
        found.setdefault(one.organisation_id, []).append(one.employee)
    return {place: cycle(people) for place, people in found.items()}


def _clinics(territory: str) -> list[int]:
    return list(
        Organisation.objects.providers().filter(territory=territory).order_by("code").values_list("pk", flat=True)
    )
