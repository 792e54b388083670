"""Results: raw and weighted, against the round before, nobody to be told from them; XLSX and DOCX say the same."""

from datetime import timedelta
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone
from docx import Document
from python_calamine import CalamineWorkbook

from opora.surveys.estimates import raw
from opora.surveys.models import Cell, Round, Sheet, Survey
from opora.surveys.results import results, too_small
from opora.surveys.tests.conftest import ANSWERS, NOON, TODAY, crowd
from opora.surveys.tests.test_rounds import TOWN, end, interviewed, take

MEN, WOMEN = 3, 8


@pytest.fixture
def closed(place: SimpleNamespace, survey: Survey, cast: SimpleNamespace) -> Any:
    """Make an ended round of ``{cell: (population, good, bad)}``."""

    def make(cells: dict[int, tuple[int, int, int]], *, ago: int = 0, title: str = "Март") -> Round:
        asked = Round.objects.create(
            survey=survey, version=survey.newest, territory=place.nsk.pk, insurer=place.alfa, title=title,
            since=TODAY - timedelta(days=ago), until=TODAY - timedelta(days=ago), modes=["phone"], state="closed",
            closed_at=NOON - timedelta(days=ago), silent={"refused": 3, "waiting": 9, "silent": 2},
        )  # fmt: skip
        for cell, (population, good, bad) in cells.items():
            if cell:
                Cell.objects.create(round=asked, number=cell, population=population, done=good + bad)
            for mark, number in (("5", good), ("2", bad)):
                Sheet.objects.bulk_create(
                    Sheet(
                        round=asked, version=asked.version, cell=cell, on=TODAY,
                        answers={**ANSWERS, "doctor": [mark], "again": ["yes"], "days": [str(place_)]},
                    )
                    for place_ in range(number)
                )  # fmt: skip
        return asked

    return make


def of(found: Any, code: str) -> Any:
    return next(one for one in found.asked if one.question.code == code)


def test_raw_and_weighted(closed: Any) -> None:
    found = results(closed({MEN: (300, 20, 0), WOMEN: (100, 0, 20)}))
    doctor = of(found, "doctor").indicator
    assert doctor.raw == raw(20, 40)
    assert doctor.weighted.value == pytest.approx(0.75)
    assert doctor.weighted.low < 0.75 < doctor.weighted.high
    assert found.count == 40
    assert found.silent == [("отказ", 3), ("не отвечает", 2)]
    care = next(line for line in of(found, "why").lines if line.code == "care")
    assert care.raw.value == 1
    assert len(of(found, "days").parts) == 3


def test_against_the_round_before(closed: Any) -> None:
    closed({MEN: (300, 10, 30)}, ago=31, title="Февраль")
    found = results(closed({MEN: (300, 38, 2)}))
    doctor = of(found, "doctor").indicator
    assert found.former is not None
    assert found.former.title == "Февраль"
    assert doctor.before.value == pytest.approx(0.25)
    assert doctor.change == pytest.approx(70)
    assert doctor.is_real


def test_few_are_not_shown(closed: Any) -> None:
    assert not results(closed({MEN: (300, 5, 4)})).is_shown
    found = results(closed({MEN: (300, 30, 0), WOMEN: (300, 4, 2), 13: (10, 12, 0)}, title="Ещё"))
    sexes = next(one for one in of(found, "doctor").indicator.divisions if one.title == "Пол")
    assert {group.label: group.share is None for group in sexes.groups} == {"мужчины": True, "женщины": True}


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [({"a": 50, "b": 40}, set()), ({"a": 9, "b": 40, "c": 20}, {"a", "c"}), ({"a": 3, "b": 4, "c": 90}, {"a", "b"})],
)
def test_a_hidden_group_does_not_follow_from_the_whole(counts: dict[str, int], hidden: set[str]) -> None:
    assert too_small(counts) == hidden


def test_pages_and_files(signed_in: Any, closed: Any) -> None:
    closed({MEN: (300, 10, 30)}, ago=31, title="Февраль")
    asked = closed({MEN: (300, 20, 10), WOMEN: (100, 12, 15), 0: (0, 3, 3)})
    client = signed_in("timur")
    page = client.get(f"/surveys/{asked.pk}/results/").content.decode()
    assert "<svg" in page
    assert "Февраль" in page
    assert "без клетки" in page
    book = client.get(f"/surveys/{asked.pk}/results/xlsx/")
    rows = CalamineWorkbook.from_filelike(BytesIO(book.content)).get_sheet_by_index(0).to_python()
    assert any(row[0] == "Оцените врача" and row[1] == "Показатель" for row in rows)
    assert any("Уилсона" in str(row[0]) for row in rows)
    document = Document(BytesIO(client.get(f"/surveys/{asked.pk}/results/docx/").content))
    assert any("Кишу" in paragraph.text for paragraph in document.paragraphs)
    assert len(document.tables) >= 4
    assert signed_in("vera").get(f"/surveys/{asked.pk}/results/").status_code == 404
    assert signed_in("vera").get(f"/surveys/{asked.pk}/results/xlsx/").status_code == 404
    assert client.get(f"/surveys/{asked.pk}/results/exe/").status_code == 404
    assert client.get(f"/surveys/{asked.pk}/results/?version=%00").status_code == 200


def test_counts_are_made_when_a_round_ends(place: SimpleNamespace, cast: SimpleNamespace, running: Any) -> None:
    crowd(place, 11)
    asked = running(wanted=11, reserve=1)
    for _ in range(11):
        interviewed(cast.alina, take(cast.alina))
    end(cast.boris, asked)
    asked.refresh_from_db()
    kept = asked.tally[str(asked.version_id)]
    assert kept["sheets"] == [[TOWN, 11]]
    assert ["why", "care", TOWN, 11, 0] in kept["answers"]
    found = results(asked)
    assert found.count == 11
    assert of(found, "doctor").indicator.raw == raw(11, 11)
    assert next(line for line in of(found, "why").lines if line.code == "care").raw == raw(11, 11)


def test_results_ask_little(closed: Any, django_assert_max_num_queries: Any) -> None:
    asked = closed({MEN: (300, 20, 10)})
    with django_assert_max_num_queries(12):
        results(asked)
    assert timezone.now()
