"""Waiting limits: the year of the referral, the territory and the suspicion choose."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from opora.deadlines.errors import NoSuchLimit
from opora.deadlines.packs import SHIPPED, read_pack
from opora.deadlines.tests.test_calendar import RUSSIA
from opora.deadlines.waiting import Suspicion, answer, read_waiting

ZONE = ZoneInfo("Asia/Novosibirsk")
COUNTRY = [read_waiting(read_pack(path).content) for path in sorted(SHIPPED.glob("waiting-*.json"))]
STRICT = read_waiting(
    {
        "version": "54-2026",
        "territory": "50000",
        "since": "2026-01-01",
        "until": None,
        "source": "ТПГГ",
        "limits": [
            {
                "code": "SPEC",
                "title": "Консультация врача-специалиста",
                "unit": "calendar_days",
                "length": 10,
                "start": "обращение в клинику",
                "suspicion": "",
                "is_verified": True,
            }
        ],
    }
)

LAST_LAWFUL_DAY = [
    ("SPEC", date(2026, 3, 2), Suspicion.NONE, "", date(2026, 3, 23)),
    ("SPEC", date(2026, 3, 2), Suspicion.CARDIOVASCULAR, "", date(2026, 3, 5)),
    ("SPEC", date(2025, 3, 3), Suspicion.CARDIOVASCULAR, "", date(2025, 3, 21)),  # no such limit before 2026
    ("CT_MRI", date(2021, 3, 1), Suspicion.NONE, "", date(2021, 3, 31)),
    ("DIAG", date(2026, 4, 27), Suspicion.ONCOLOGY, "", date(2026, 5, 7)),
    ("SPEC", date(2026, 3, 2), Suspicion.NONE, "50000", date(2026, 3, 12)),
    ("SPEC", date(2026, 3, 2), Suspicion.ONCOLOGY, "50000", date(2026, 3, 5)),  # the suspicion before the territory
]


@pytest.mark.parametrize(("service", "started", "suspicion", "territory", "due"), LAST_LAWFUL_DAY)
def test_last_lawful_day(service: str, started: date, suspicion: Suspicion, territory: str, due: date) -> None:
    found = answer(
        [*COUNTRY, STRICT],
        RUSSIA,
        service=service,
        started=datetime(started.year, started.month, started.day, 10, tzinfo=ZONE),
        suspicion=suspicion,
        territory=territory,
    )
    assert found.clock is not None
    assert found.clock.due_on == due
    assert f"{due:%d.%m.%Y}" in found.words


def test_hours_give_a_moment() -> None:
    found = answer(COUNTRY, RUSSIA, service="URGENT_PHC", started=datetime(2026, 3, 2, 23, 30, tzinfo=ZONE))
    assert found.words == "Неотложная помощь в поликлинике: не позже 01:30 03.03.2026."


def test_a_year_without_programme_has_no_limit() -> None:
    with pytest.raises(NoSuchLimit):
        answer(COUNTRY, RUSSIA, service="SPEC", started=datetime(2027, 3, 2, tzinfo=ZONE))
