"""house.search.* — every form of the question the box understands, as an operator types it."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial

from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config.bench.errors import BenchRefused
from config.bench.frame import Bench, Round, work
from config.bench.person_page import SIGN_IN_BACKEND
from config.bench.population import colleague, identifiers
from config.bench.times import percentile, timed
from opora.access.scope import enter
from opora.insured.search.find import find
from opora.insured.search.parse import parse
from opora.insured.search.present import Line, line
from opora.organisations.models import Employee
from opora.shared.layout import to_latin

PROBES, ANSWERS = 150, 60
LETTERS = "абвгдежзиклмнопрстуфхцч"
PEOPLE = """
SELECT p.id, p.surname, p.given_name, p.patronymic, p.birth_on, p.enp, p.snils,
       (SELECT normalised FROM insured_contact c
         WHERE c.person_id = p.id AND c.kind = 'phone' AND c.normalised <> '' ORDER BY c.id LIMIT 1) AS phone,
       (SELECT surname FROM insured_formername f WHERE f.person_id = p.id ORDER BY f.id LIMIT 1) AS former
  FROM insured_person p WHERE p.id = ANY(%s)
"""


@dataclass(frozen=True, slots=True)
class Known:
    """A person the caller talks of."""

    id: int
    surname: str
    given_name: str
    patronymic: str
    birth_on: date
    enp: str | None
    snils: str | None
    phone: str | None
    former: str | None


def slipped(word: str, rng: random.Random) -> str:
    """Return the word with one slip of the finger past the first letter.

    >>> slipped("иванов", random.Random(1)) != "иванов"
    True
    """
    place = rng.randrange(1, len(word) - 1)
    ways = [
        word[:place] + word[place + 1 :],
        word[:place] + rng.choice(LETTERS) + word[place:],
        word[:place] + rng.choice(LETTERS) + word[place + 1 :],
        word[:place] + word[place + 1] + word[place] + word[place + 2 :],
    ]
    return rng.choice([way for way in ways if way != word] or [word[:-1]])


# What a caller says of himself; None where this person has no such thing.
FORMS: dict[str, Callable[[Known, random.Random], str | None]] = {
    "day": lambda p, rng: f"{p.surname} {p.given_name} {p.birth_on:%d.%m.%y}",
    "day_slip": lambda p, rng: f"{slipped(p.surname, rng)} {p.given_name} {p.birth_on:%d%m%Y}",
    "year": lambda p, rng: f"{p.given_name} {p.surname} {p.birth_on.year}",
    "year_slip": lambda p, rng: f"{slipped(p.surname, rng)} {p.given_name} {p.birth_on.year}",
    "number": lambda p, rng: rng.choice([p.enp, p.snils, p.phone]),
    "number_part": lambda p, rng: rng.choice([p.enp and p.enp[-4:], p.enp and p.enp[:9], p.phone and p.phone[-7:]]),
    "number_name": lambda p, rng: p.enp and f"{p.surname} {p.enp[-4:]}",
    "name": lambda p, rng: f"{p.given_name} {p.surname}",
    "full_name": lambda p, rng: f"{p.surname} {p.given_name} {p.patronymic}",
    "surname": lambda p, rng: p.surname,
    "beginning": lambda p, rng: f"{p.surname[:4]} {p.given_name[:2]}",
    "slip": lambda p, rng: f"{slipped(p.surname, rng)} {p.given_name}",
    "layout": lambda p, rng: to_latin(f"{p.surname} {p.given_name}"),
    "half": lambda p, rng: p.surname.partition("-")[2] and f"{p.surname.partition('-')[2]} {p.given_name}",
    "former": lambda p, rng: p.former and f"{p.former} {p.given_name}",
}
WITH_DATE_OR_NUMBER = {"day", "day_slip", "year", "year_slip", "number", "number_part", "number_name"}
SURE = {"day", "day_slip", "number"}  # these leave no choice: the person meant must be on the screen


def search(form: str, bench: Bench) -> Iterator[Round]:
    """Ask as an operator of a fund. The figure is the search itself, from the text to the lines of the list; ``answer``
    is the whole answer with session, rights and access log; the limit reads as many people by key; ``found`` — how
    often the person meant was on the screen.
    """
    employee = colleague()
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(employee, backend=SIGN_IN_BACKEND)
    for number in bench.rounds:
        rng = random.Random(number)  # noqa: S311 - figures, not secrets
        probes = list(_probes(form, employee, number + 1, rng))
        if not probes:
            raise BenchRefused("Замерять не на ком: таких людей в базе замера нет")
        seconds, keys, met = [], [], 0
        with enter(employee.scope):
            _lines(probes[0][1], employee)
            for person, text in probes:
                took, lines = timed(partial(_lines, text, employee))
                seconds.append(took)
                keys.append([line.person.pk for line in lines] or [person])
                met += person in keys[-1]
            limits = [timed(partial(_by_key, some))[0] for some in keys]
        _answer(browser, probes[0][1])
        answers = [timed(partial(_answer, browser, text))[0] for _, text in probes[:ANSWERS]]
        also = {"answer": round(percentile(answers), 1), "found": round(met / len(probes), 3)}
        yield Round(percentile(seconds), percentile(limits), also)


def _probes(form: str, employee: Employee, seed: int, rng: random.Random) -> Iterator[tuple[int, str]]:
    wide = 20 if form in {"half", "former"} else 2
    with enter(employee.scope), connection.cursor() as cursor:
        cursor.execute(PEOPLE, [identifiers(wide * PROBES, seed, employee)])
        people = [Known(*row) for row in cursor.fetchall()]
    told = [(person.id, text) for person in people if len(person.surname) > 4 and (text := FORMS[form](person, rng))]
    yield from told[:PROBES]


def _lines(text: str, employee: Employee) -> list[Line]:
    return [line(hit) for hit in find(parse(text, today=timezone.localdate()), employee).hits]


def _answer(browser: Client, text: str) -> None:
    answer = browser.post(reverse("insured:search"), {"q": text}, headers={"HX-Request": "true"})
    if answer.status_code != 200:
        raise BenchRefused(f"Поиск ответил {answer.status_code}")


def _by_key(people: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM insured_person WHERE id = ANY(%s)", [people])
        cursor.fetchall()


for _form in FORMS:
    _bar = "figure <= 10" if _form in WITH_DATE_OR_NUMBER else "figure <= 100"
    work(
        f"house.search.{_form}",
        unit="мс",
        bar=(_bar, "answer <= 100", "found >= 0.99" if _form in SURE else "found >= 0"),
        note="p95 поиска, answer — всего ответа; предел — те же люди по ключу",
    )(partial(search, _form))
