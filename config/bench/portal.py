"""``portal.pages`` — the site as citizens read it: pages one after another through the whole program, no sign-in.

The bar is 500 requests a second on two cores, so a request may take 4 ms of a processor; ``work`` is the 95th
percentile of processor time (program and database), ``rate`` is what two cores would give at the mean of it. The
limit is one row read by its key as often as pages are asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from statistics import mean

from django.db import connection
from django.test import Client
from django.urls import reverse

from config.bench.errors import BenchRefused
from config.bench.frame import Bench, Round, work
from config.bench.population import territory_of
from config.bench.times import both, percentile, spent, timed
from opora.access.scope import Scope, enter
from opora.organisations.models import HotLine, Organisation
from opora.portal.models import Site

TERRITORY, SLUG = "99993", "bench-portal"
CLINICS, TIMES, CORES = 400, 60, 2
PAGES = ("home", "checkups", "waiting", "clinics", "posts", "insurer", "ask", "state")
HEAVIEST = 150 * 1024
SYSTEM = Scope.system("the bench opens a site of an invented fund")
BARE = "SELECT * FROM portal_site WHERE slug = %s"


@work(
    "portal.pages",
    unit="мс",
    bar=("figure <= 50", "rate >= 500"),
    note=f"p95 страниц сайта, {CLINICS} клиник; rate — запросов в секунду на двух ядрах по времени процессора;"
    " heaviest — байт самой тяжёлой страницы; work — без ожидания процессора; предел — строка сайта по ключу",
    needs_people=False,
)
def portal_pages(bench: Bench) -> Iterator[Round]:
    """Every page in turn; what a page sends is looked at, so an error is no fast page."""
    with enter(SYSTEM):
        _ready()
    browser = Client(SERVER_NAME="localhost")
    addresses = [reverse(f"portal:{name}", args=[SLUG]) for name in PAGES]
    heaviest = max(_read(browser, one) for one in addresses)
    if heaviest > HEAVIEST:
        raise BenchRefused(f"Страница сайта весит {heaviest} байт")
    for _ in bench.rounds:
        times = [spent(partial(_read, browser, one)) for _ in range(TIMES) for one in addresses]
        figure, done = both(times)
        busy = mean(one.wall if one.work is None else one.work for one in times)
        limit = percentile([timed(_bare)[0] for _ in times])
        yield Round(figure, limit, {"rate": round(CORES / busy), "heaviest": heaviest, **done})


def _read(browser: Client, address: str) -> int:
    answer = browser.get(address)
    if answer.status_code != 200:
        raise BenchRefused(f"{address}: страница ответила {answer.status_code}")
    return len(answer.content)


def _bare() -> None:
    with connection.cursor() as cursor:
        cursor.execute(BARE, [SLUG])
        cursor.fetchall()


def _ready() -> None:
    """Make the fund, its clinics and its site, unless a former round has."""
    territory = territory_of(TERRITORY, time_zone="Europe/Moscow")
    fund, is_new = Organisation.objects.get_or_create(
        kind=Organisation.Kind.FUND, code="99993", defaults={"name": "Фонд замера", "territory": territory}
    )
    if is_new:
        HotLine.objects.create(organisation=fund, phone="+78000000000")
        Organisation.objects.bulk_create(
            Organisation(
                kind=Organisation.Kind.PROVIDER,
                code=f"99993{number:04}",
                name=f"Поликлиника замера № {number}",
                territory=territory,
                address=f"ул. Замерная, {number}",
            )
            for number in range(CLINICS)
        )
    Site.objects.get_or_create(
        organisation=fund, defaults={"territory": territory, "slug": SLUG, "name": "Сайт замера", "is_published": True}
    )
