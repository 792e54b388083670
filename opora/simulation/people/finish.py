"""After a load: statistics and visibility, so that the first search is planned as well as the thousandth."""

from django.db import connection

from opora.simulation.people.load import ORDER, Loaded

WORTH_IT = 10_000


def refresh(loaded: Loaded) -> None:
    """VACUUM ANALYZE the register after a load that has changed it much; outside of any transaction."""
    if loaded.people < WORTH_IT:
        return
    with connection.cursor() as cursor:
        for name in ("person", *ORDER, "surnameword", "givenword"):
            cursor.execute(f"VACUUM (ANALYZE) insured_{name}")
