"""Facts of the reports over the archive, made by the program itself, once for all works that count them."""

from __future__ import annotations

from django.db import connection

from config.bench.frame import Bench
from opora.access.scope import Scope, enter

TABLES = ("reports_appealfact", "reports_reasonfact")
MARK = "all facts of the archive"  # stands as a comment on the first table, so a kept database knows it
SYSTEM = Scope.system("the bench makes the facts of the archive")


def ensure_facts(bench: Bench) -> None:
    """Make the facts unless they stand; for use inside ``archive``."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT obj_description(%s::regclass, 'pg_class')", [TABLES[0]])
        if cursor.fetchone() == (MARK,):
            return
    bench.say("архив: факты")
    forget_facts()
    from opora.reports import following

    following.rebuild()
    they_stand()


def forget_facts() -> None:
    """Empty the tables: what stands in them was made of another archive or half."""
    with enter(SYSTEM), connection.cursor() as cursor:
        cursor.execute(f"COMMENT ON TABLE {TABLES[0]} IS NULL")
        cursor.execute("TRUNCATE " + ", ".join(TABLES))


def they_stand() -> None:
    """Remember that the facts are those of the archive and let the planner see them."""
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"VACUUM ANALYZE {table}")
        cursor.execute(f"COMMENT ON TABLE {TABLES[0]} IS '{MARK}'")
