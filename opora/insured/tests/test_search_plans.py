"""Every question of the search over a hundred thousand people, under forced row security: by indexes alone.

The planner chooses for real (``enable_seqscan`` stays on): a leaky operator or a missing index shows here as a scan.
"""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.db import connection
from django.utils import timezone

from opora.access.scope import Scope, Sees, enter
from opora.insured.search import candidates, words
from opora.insured.search.find import find
from opora.insured.search.parse import parse
from opora.shared import sql

PEOPLE = 100_000
MAKE = """
INSERT INTO insured_person (territory_id, surname, given_name, patronymic, birth_on, sex, enp_is_confirmed, enp, snils,
                            insurer_id, language, time_zone)
SELECT %(territory)s, 'Фамил' || translate((n %% 9000)::text, '0123456789', 'абвгдежзик') ||
       CASE n %% 50 WHEN 0 THEN '-Седых' ELSE '' END,
       (ARRAY['Пётр', 'Анна', 'Ольга', 'Олег', 'Инна', 'Лев', 'Зоя'])[n %% 7 + 1], 'Петрович',
       date '1930-01-01' + n %% 30000, 1, true, lpad((n * 7919::bigint)::text, 16, '1'), lpad((n * 31)::text, 11, '5'),
       CASE n %% 2 WHEN 0 THEN %(alfa)s ELSE %(beta)s END, 'ru', ''
  FROM generate_series(1, %(people)s) n;
INSERT INTO insured_contact (person_id, kind, value, normalised, phone_kind, owner, state, source)
SELECT id, 'phone', enp, '79' || right(enp, 9), 'mobile', 'self', 'unconfirmed', 'register' FROM insured_person;
INSERT INTO insured_formername (person_id, surname, given_name, patronymic)
SELECT id, 'Прежн' || right(surname_key, 4), given_name, '' FROM insured_person WHERE id %% 10 = 0;
INSERT INTO insured_identitydocument (person_id, kind, series, number, issuer)
SELECT id, '14', '00 10', right(enp, 6), '' FROM insured_person;
INSERT INTO insured_policy (person_id, kind, series, number, insurer_id, since)
SELECT id, CASE id %% 20 WHEN 0 THEN 1 ELSE 3 END, '', CASE id %% 20 WHEN 0 THEN right(enp, 7) ELSE enp END, insurer_id,
       '2012-01-01' FROM insured_person;
"""
BIG = ("insured_person", "insured_contact", "insured_formername", "insured_identitydocument", "insured_policy")
END_BESIDE_A_NAME = "фамилбвг 7919"
TEXTS = [
    "фамилбвг петр 14.03.85", "петр фамилбвг", "фамилбвг", "фамилбвг петр петрович", "фамил пе", "фа пе", "ф п",
    "седых анна", "фамилбвг седых", "прежнбвг анна", "фаимлбвг петр", "фмилбвг прет 1985", "фамилбвг 1985",
    "afvbk,du gtnh", "фамилбвг петрович", "1111111111157919", "157919", "1111", "5555", END_BESIDE_A_NAME,
    "79111157919", "911115", "11157919", "0010 157919", "14.03.1985", "никтонезнает такого", "сскшшшщ рррр",
]  # fmt: skip


@pytest.fixture
def crowd(place: SimpleNamespace) -> SimpleNamespace:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
        for table in BIG:  # what earlier tests took back still lies in the indexes and makes them dear
            cursor.execute(f"REINDEX TABLE {table}")
        facts = {"territory": place.nsk.pk, "alfa": place.alfa.pk, "beta": place.beta.pk, "people": PEOPLE}
        cursor.execute(MAKE, facts)
        cursor.execute("ANALYZE " + ", ".join((*BIG, "insured_surnameword", "insured_givenword")))
    return place


@pytest.fixture
def plans(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, list[str]]]:
    """Plans of every question asked from now on, beside its answer."""
    seen: list[tuple[str, list[str]]] = []

    def spied(ask: Callable[..., list[object]], name: str) -> Callable[..., list[object]]:
        def both(**parameters: object) -> list[object]:
            plan = ask(explain=True, **parameters)
            seen.append((name, plan))
            return [] if any(map(_reads_whole, plan)) else ask(**parameters)

        return both

    for module in (candidates, words):
        for name in [name for name in vars(module) if name.startswith(("_by_", "_words", "_near", "_far"))]:
            monkeypatch.setattr(module, name, spied(getattr(module, name), name))
    return seen


@pytest.mark.slow
def test_no_question_reads_a_whole_table(crowd: SimpleNamespace, plans: list[tuple[str, list[str]]]) -> None:
    scopes = [
        Scope(Sees.TERRITORY, territory=crowd.nsk.pk),
        Scope(Sees.PROVIDER, provider=crowd.clinic.pk),
    ]
    faults = []
    for scope in scopes:
        employee = SimpleNamespace(scope=scope)
        with enter(scope):
            for text in TEXTS:
                plans.clear()
                find(parse(text, today=timezone.localdate()), employee)
                assert plans, f"nothing was asked for «{text}»"
                faults += [(text, name, line) for name, plan in plans for line in plan if _reads_whole(line)]
                if text == END_BESIDE_A_NAME:
                    lines = [line for _, plan in plans for line in plan if "Index Cond" in line]
                    tails = [line for line in lines if "(enp_tail)::text >=" in line]
                    assert any("surname_key" in line for line in tails), "names are passed over inside the index"
                    assert any("given_key" in line for line in tails)
    assert faults == []


def test_every_question_of_the_search_was_looked_at() -> None:
    asked = {path.stem for path in candidates.SQL.glob("*.sql")}
    spied = {name.removeprefix("_") for module in (candidates, words) for name in vars(module) if name.startswith("_")}
    assert asked <= spied
    assert all(sql.text(candidates.SQL / f"{name}.sql").startswith(("SELECT", "WITH")) for name in asked)


def _reads_whole(line: object) -> bool:
    return any(sign in str(line) for sign in (*(f"Seq Scan on {table}" for table in BIG), "hashed SubPlan"))
