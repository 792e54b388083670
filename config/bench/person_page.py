"""house.person_page — the whole answer of the server, from the session to the last tag, person after person."""

from collections.abc import Iterator
from functools import partial

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config.bench.errors import BenchRefused
from config.bench.frame import Bench, Round, work
from config.bench.population import colleague, identifiers
from config.bench.times import percentile, timed
from opora.access.scope import enter
from opora.organisations.models import Employee

PAGES = 200
SIGN_IN_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
ROWS = (
    "SELECT * FROM insured_person WHERE id = %s",
    *(
        f"SELECT * FROM insured_{part} WHERE person_id = %s"  # noqa: S608 - own names
        for part in (
            "policy", "attachment", "contact", "consent", "personcategory", "identitydocument", "formername",
        )
    ),
)  # fmt: skip


@work(
    "house.person_page", unit="мс", bar=("figure <= 50", "queries <= 12"), note="p95; предел — те же строки по ключам"
)
def person_page(bench: Bench) -> Iterator[Round]:
    """Open pages as an operator of an insurer; the limit reads the same rows by key under the same row security."""
    employee = colleague("sp1")
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(employee, backend=SIGN_IN_BACKEND)
    for number in bench.rounds:
        people = identifiers(PAGES, number + 1, employee)
        _open(browser, people[0])
        with CaptureQueriesContext(connection) as queries:
            _open(browser, people[-1])
        asked = sum(_asks(query["sql"]) for query in queries.captured_queries)
        figure = percentile([timed(partial(_open, browser, pk))[0] for pk in people])
        limit = percentile(_by_key(employee, people))
        yield Round(figure, limit, {"queries": asked})


def _open(browser: Client, person: int) -> None:
    answer = browser.get(reverse("insured:card", args=[person]))
    if answer.status_code != 200:
        raise BenchRefused(f"Карточка ответила {answer.status_code}")


def _by_key(employee: Employee, people: list[int]) -> list[float]:
    with enter(employee.scope), connection.cursor() as cursor:

        def read(person: int) -> None:
            for statement in ROWS:
                cursor.execute(statement, [person])
                cursor.fetchall()

        return [timed(partial(read, pk))[0] for pk in people]


def _asks(statement: str) -> bool:
    """Tell whether a statement is a query: bounds of transactions are not counted, the scope is."""
    return not statement.startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "ROLLBACK"))
