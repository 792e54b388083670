"""The database of the archive: made once, kept when asked, filled to the size asked for."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from config.bench.archive import house
from config.bench.archive.fill import YEARS, fill
from config.bench.archive.house import YEAR, House
from config.bench.bulk import superuser
from config.bench.frame import Bench
from opora.access.scope import Scope, enter
from opora.appeals.partitions import fold_old_quarters
from opora.organisations.models import Organisation
from opora.shared.partitions import add_months

DATABASE, OPEN, FACTS = "opora_bench_archive", "opora_bench_open", "opora_bench_facts"
UNREAD = frozenset(["appeals_grant", "appeals_words", "appeals_appealtext", "appeals_answer"])  # by facts of reports
MODEL, PEOPLE, FEW = 60_000, 300_000, 5_000
LEAST_MODEL, LEAST_PEOPLE = 10_000, 40_000
COPIES, APPEALS_OF_ONE = 36, 4  # of an appeal of the model; of a person: the largest archives have more of both


@contextmanager
def archive(bench: Bench) -> Iterator[House]:
    """Let the block work in a journal of ``bench.appeals`` appeals; it stays until the bench is over."""
    with _filled(bench, DATABASE, bench.appeals, is_open_only=False) as known:
        yield known


@contextmanager
def for_facts(bench: Bench) -> Iterator[House]:
    """Let the block work in a journal of ``bench.appeals`` appeals without what facts of reports never read.

    Half the time of filling and more than half the disk goes into grants and words of the search.
    """
    with _filled(bench, FACTS, bench.appeals, is_open_only=False, left_out=UNREAD) as known:
        yield known


@contextmanager
def open_ones(bench: Bench, count: int) -> Iterator[House]:
    """Let the block work in a journal of ``count`` open appeals with their clocks and grants, nothing else."""
    with _filled(bench, OPEN, count, is_open_only=True) as known:
        yield known


@contextmanager
def _filled(
    bench: Bench, database: str, appeals: int, *, is_open_only: bool, left_out: Collection[str] = ()
) -> Iterator[House]:
    place = bench.place
    if not place.exists(database):
        bench.say("архив: пустая база")
        place.migrated(database)
    with place.inside(database):
        call_command("migrate", verbosity=0, interactive=False)  # a kept one may be of an older version
        if not _stands():
            bench.say("архив: год обращений")
            people, model = sizes(appeals)
            house.make(FEW if is_open_only else people, model)
            first = (timezone.localdate() - YEARS * YEAR - timedelta(days=31)).replace(day=1)
            with enter(Scope.system("months of the bench")):
                for table in ("appeals_event", "appeals_words"):
                    add_months(table, first, 12 * YEARS + 6)
                fold_old_quarters()
        address = superuser(database)
        fill(address, appeals, _places(), bench.say, is_open_only=is_open_only, left_out=left_out)
        yield house.found()


def sizes(appeals: int) -> tuple[int, int]:
    """Return how many people and how large a model an archive is made of: what is slow is made no larger than it needs.

    >>> sizes(20_000), sizes(720_000), sizes(10_000_000)
    ((40000, 4000), (180000, 20000), (300000, 60000))
    """
    model = min(MODEL, appeals // YEARS, max(LEAST_MODEL, appeals // COPIES))
    return min(PEOPLE, max(appeals // APPEALS_OF_ONE, min(2 * appeals, LEAST_PEOPLE))), model


def _stands() -> bool:
    """Whether the model has been made; a half-made one is made on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regnamespace('archive') IS NOT NULL")
        return bool(cursor.fetchone()[0])


def _places() -> dict[str, object]:
    with enter(Scope.system("the archive of the bench")):
        known = house.found()
        funds = dict(Organisation.objects.filter(kind="fund").values_list("territory", "pk"))
        first = Organisation.objects.filter(kind="insurer", territory=known.territory).order_by("code")[0]
        assert first.territory is not None  # noqa: S101 - told to the type checker
        return {
            "home": known.territory,
            "away": known.away,
            "fund": funds[known.territory],
            "away_fund": funds[known.away],
            "insurer": first.pk,
            "zone": first.territory.time_zone,
        }
