"""journal.card and journal.search_* — one appeal among millions: its card, and how it is found."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from django.db import connection
from django.urls import reverse

from config.bench.archive import House, archive
from config.bench.errors import BenchRefused
from config.bench.frame import Bench, Round, work
from config.bench.journal_lists import READERS, answer, browser_of
from config.bench.times import Spent, both, percentile, spent, timed
from opora.access.scope import enter
from opora.appeals.listing import Filter
from opora.appeals.models.grant import holder_of
from opora.organisations.models import Employee

PROBES = 120
# Words of the texts, from those in every third appeal to those in a few; then such as no appeal has.
COMMON = ("полис", "анализ", "клиника", "запись на приём", "диспансеризация", "ребёнок", "направление", "районе")
RARE = ("третий месяц талонов", "возмещение расходов", "соседка сказала", "пандус", "сурдоперевод", "вертолёт")
SOME = """
SELECT a.number, a.sequence, p.surname, p.given_name, p.patronymic, p.phone, p.enp, p.person_id
  FROM appeals_grant g
  JOIN appeals_appeal a ON a.id = g.appeal_id
  JOIN appeals_party p ON p.appeal_id = a.id AND p.role = 'applicant' AND p.person_id IS NOT NULL
 WHERE g.organisation_id = %s AND g.registered_at < now() - %s * interval '1 day'
 ORDER BY g.registered_at DESC, g.appeal_id DESC LIMIT 1
"""
KEYS = "SELECT appeal_id, organisation_id FROM appeals_grant WHERE appeal_id = ANY(%s) AND organisation_id = %s"


@dataclass(frozen=True, slots=True)
class Known:
    """An appeal somebody asks for."""

    number: str
    sequence: int
    surname: str
    given_name: str
    patronymic: str
    phone: str
    enp: str
    person: int


@work(
    "journal.card", unit="мс", bar=("figure <= 50",), note="p95 всей карточки; предел — доступ и строка по ключу",
    needs_people=False,
)  # fmt: skip
def card(bench: Bench) -> Iterator[Round]:
    """Open cards of all years, as an insurer and as the fund."""
    with archive(bench) as house:
        for number in bench.rounds:
            times: list[Spent] = []
            limits: list[float] = []
            for employee in (house.insurer, house.fund):
                browser = browser_of(employee)
                known = _some(employee, PROBES, number)
                answer(browser, reverse("appeals:card", args=[known[0].number]))
                times += [
                    spent(partial(answer, browser, reverse("appeals:card", args=[one.number]))) for one in known[1:]
                ]
                limits += _by_number(employee, known)
            figure, work_done = both(times)
            yield Round(figure, percentile(limits), work_done)


def _searches(name: str, bar: tuple[str, ...], note: str = "p95 всего списка; предел — строки по номеру") -> None:
    def run(bench: Bench) -> Iterator[Round]:
        with archive(bench) as house:
            for number in bench.rounds:
                times: dict[str, list[Spent]] = {}
                limits: list[float] = []
                for who in READERS:
                    employee = getattr(house, who)
                    known = _some(employee, PROBES // 3, number)
                    for kind, asked in FORMS[name](known, house, number).items():
                        times.setdefault(kind, []).extend(_find(employee, asked))
                    limits += _by_number(employee, known)
                figure, work_done = both([one for found in times.values() for one in found])
                also = {kind: value for kind, found in times.items() for value in [both(found)[0]]}
                works = {f"{kind}_work": both(found)[1].get("work", 0.0) for kind, found in times.items()}
                yield Round(figure, percentile(limits), {**work_done, **also, **works})

    work(f"journal.{name}", unit="мс", bar=bar, note=note, needs_people=False)(run)


def _numbers(known: list[Known], house: House, number: int) -> dict[str, list[Filter]]:
    return {
        "number": [Filter(number=one.number) for one in known],
        "tail": [Filter(number=str(one.sequence % 10**7)) for one in known],
    }


def _people(known: list[Known], house: House, number: int) -> dict[str, list[Filter]]:
    return {
        "person": [Filter(person=one.person) for one in known],
        "phone": [Filter(find=one.phone) for one in known],
        "enp": [Filter(find=one.enp) for one in known if one.enp],
        "name": [Filter(find=f"{one.surname} {one.given_name} {one.patronymic}") for one in known],
        "surname": [Filter(find=one.surname) for one in known],
    }


def _words(known: list[Known], house: House, number: int) -> dict[str, list[Filter]]:
    chance = random.Random(number)  # noqa: S311 - figures, not secrets
    tickets = [str(chance.randrange(60_000 * 4096)) for _ in range(10)]
    return {
        "common": [Filter(find=word) for word in COMMON],
        "rare": [Filter(find=word) for word in RARE],
        "doctor": [Filter(find=f"врач {one.surname}") for one in known[:10]],
        "ticket": [Filter(find=f"талон {ticket}") for ticket in tickets],
        "with_kind": [Filter(find=word, state="all", kind="complaint") for word in COMMON],
        "of_topic": [Filter(find=word, state="all", topic="6.1") for word in COMMON],
        "open": [Filter(find=word, state="open") for word in COMMON],
    }


FORMS = {"search_number": _numbers, "search_person": _people, "search_words": _words}
_searches("search_number", ("figure <= 50",))
_searches("search_person", ("figure <= 50", "person <= 50", "phone <= 50", "enp <= 50"))
_searches("search_words", ("figure <= 150",))


def _find(employee: Employee, asked: list[Filter]) -> list[Spent]:
    browser = browser_of(employee)
    addresses = [f"{reverse('appeals:list')}?{chosen.query}" for chosen in asked]
    answer(browser, addresses[0])
    return [spent(partial(answer, browser, address)) for address in addresses]


def _some(employee: Employee, count: int, seed: int) -> list[Known]:
    """Return appeals she sees, of all years; the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - figures, not secrets
    found = []
    with enter(employee.scope), connection.cursor() as cursor:
        for _ in range(count):
            cursor.execute(SOME, [holder_of(employee.scope), chance.random() * 1700])
            found += [Known(*row) for row in cursor.fetchall()]
    if not found:
        raise BenchRefused("В архиве замера нет обращений")
    return found


def _by_number(employee: Employee, known: list[Known]) -> list[float]:
    """Read the keys of an appeal and of its grant."""

    def read(number: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT id FROM appeals_appeal WHERE number = %s", [number])
            cursor.execute(KEYS, [[key for (key,) in cursor.fetchall()], holder_of(employee.scope)])
            cursor.fetchall()

    with enter(employee.scope):
        return [timed(partial(read, one.number))[0] for one in known]
