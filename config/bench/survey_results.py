"""``surveys.results`` — the results of a round of 20 000 questionnaires against the round before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from config.bench.frame import Bench, Round, work
from config.bench.population import territory_of
from config.bench.times import spent, timed
from opora.access.scope import Scope, enter
from opora.organisations.models import Organisation
from opora.surveys.models import Cell, Sheet, Survey
from opora.surveys.models import Round as Asked
from opora.surveys.results import _counted, fold, results
from opora.surveys.strata import CELLS

TERRITORY, SHEETS = "99992", 20_000
SYSTEM = Scope.system("the bench fills rounds of invented answers")
# Nineteen closed questions with five words, and an age.
FILL = """
INSERT INTO surveys_sheet (id, round_id, version_id, cell, "on", answers)
SELECT gen_random_uuid(), %(round)s, %(version)s, n %% 20 + 1, %(on)s,
       (SELECT jsonb_object_agg('q' || q, jsonb_build_array(
                 (ARRAY['full', 'rather', 'rather_not', 'not', 'hard'])[1 + (n * 7 + q * 13 + n / 11) %% 5]))
          FROM generate_series(1, 19) q) || jsonb_build_object('age', jsonb_build_array((18 + n %% 70)::text))
  FROM generate_series(1, %(sheets)s) n
"""
BARE = "SELECT count(*), sum(length(answers::text)) FROM surveys_sheet WHERE round_id = %s"
QUESTIONS = [
    *({"code": f"q{place}", "kind": "words", "text": f"Вопрос {place}", "source": "замер"} for place in range(1, 20)),
    {"code": "age", "kind": "number", "text": "Сколько вам лет?", "source": "замер", "least": 18, "most": 120},
]


@work(
    "surveys.results",
    unit="с",
    bar=("figure <= 1",),
    note="итоги 20 000 анкет по 20 вопросов вместе с прошлым опросом тех же размеров, первый взгляд; предел — прочитать"
    " анкеты подряд; work_ms — без ожидания процессора",
    needs_people=False,
)
def survey_results(bench: Bench) -> Iterator[Round]:
    with enter(SYSTEM):
        asked = _ready()
        results(asked)
        for _ in bench.rounds:
            _counted.cache_clear()  # counts of ended rounds are kept; the first look is measured
            took = spent(lambda: results(asked))
            limit, _rows = timed(lambda: _bare(asked))
            yield Round(took.wall, limit, {"sheets": SHEETS, "work_ms": round((took.work or 0) * 1000)})


def _bare(asked: Asked) -> None:
    with connection.cursor() as cursor:
        cursor.execute(BARE, [asked.pk])
        cursor.fetchall()


def _ready() -> Asked:
    """Bring two ended rounds, once."""
    territory = territory_of(TERRITORY)
    insurer, _ = Organisation.objects.get_or_create(
        kind="insurer", code=f"{TERRITORY}1", defaults={"name": "СМО замера", "territory": territory}
    )
    survey, made = Survey.objects.get_or_create(
        code="bench", territory=TERRITORY, insurer=insurer, defaults={"title": "Замер", "source": "замер"}
    )
    if made:
        survey.versions.create(number=1, content={"questions": QUESTIONS})
        for ago in (31, 0):
            asked = _filled(survey, insurer, ago)
            Asked.objects.filter(pk=asked.pk).update(tally=fold(asked))
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {Sheet._meta.db_table}")
    return Asked.objects.filter(survey=survey).select_related("survey", "version").latest("closed_at")


def _filled(survey: Survey, insurer: Organisation, ago: int) -> Asked:
    now = timezone.now() - timedelta(days=ago)
    version = survey.versions.latest("number")
    asked = Asked.objects.create(
        survey=survey, version=version, territory=TERRITORY, insurer=insurer, title=f"Замер {ago}", since=now.date(),
        until=now.date(), modes=["phone"], state="closed", closed_at=now,
    )  # fmt: skip
    Cell.objects.bulk_create(Cell(round=asked, number=cell, population=10_000 + cell * 100) for cell in CELLS)
    with connection.cursor() as cursor:
        cursor.execute(FILL, {"round": asked.pk, "version": asked.version_id, "on": now.date(), "sheets": SHEETS})
    return asked
