"""The database of the archive: made once, kept when asked, filled to the size asked for."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import urlsplit, urlunsplit

from django.db import connection
from django.utils import timezone

from config.bench.archive import house
from config.bench.archive.fill import YEARS, fill
from config.bench.archive.house import YEAR, House
from config.bench.errors import BenchRefused
from config.bench.frame import Bench
from opora.access.scope import Scope, enter
from opora.organisations.models import Organisation
from opora.shared import postgres
from opora.shared.console import data_folder
from opora.shared.partitions import add_months

DATABASE = "opora_bench_archive"
MODEL, PEOPLE = 60_000, 300_000


@contextmanager
def archive(bench: Bench) -> Iterator[House]:
    """Let the block work in a journal of ``bench.appeals`` appeals; it stays when the bench keeps its databases."""
    place = bench.place
    model = min(bench.appeals // YEARS, MODEL)
    if not place.exists(DATABASE):
        bench.say("архив: пустая база")
        place.migrated(DATABASE)
    with place.inside(DATABASE):
        if not _stands():
            bench.say("архив: год обращений")
            house.make(min(PEOPLE, 2 * bench.appeals), model)
            first = (timezone.localdate() - YEARS * YEAR - timedelta(days=31)).replace(day=1)
            with enter(Scope.system("months of the bench")):
                for table in ("appeals_event", "appeals_words"):
                    add_months(table, first, 12 * YEARS + 6)
        fill(_superuser(DATABASE), bench.appeals, _places(), bench.say)
        yield house.found()


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


def _superuser(database: str) -> str:
    """Return the address under which triggers can be put off. Raises BenchRefused on a server that is not ours."""
    try:
        address = urlsplit(postgres.admin_url(data_folder()))
    except postgres.ClusterRefused as fault:
        raise BenchRefused("Архив на миллионы обращений делается только в своей базе: уберите DATABASE_URL") from fault
    return urlunsplit(address._replace(path=f"/{database}"))
