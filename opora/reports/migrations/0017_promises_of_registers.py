"""Suits of recourse and public informing: whose facts they are, what a seal keeps of them, what names them stale.

The tables they are made of are new as well: nothing waits to be counted.
"""

from importlib import import_module

from django.db import migrations

seen = import_module("opora.reports.migrations.0002_promises")
kept = import_module("opora.reports.migrations.0004_keep_sealed")
FACTS = {"recourse": ("recoursefact", "key"), "public": ("publicfact", "public_id")}
STALE = {
    "complaints_recourse": ("recourse", "id"),
    "complaints_recoursepayment": ("recourse", "recourse_id"),
    "informing_publicinforming": ("public", "id"),
}


def keeps(source: str) -> migrations.RunSQL:
    table, key = FACTS[source]
    given = f"'{source}', '{key}', 'insurer_id', 'on'"
    return kept._each(f"reports_{table}", "reports_keep_sealed", kept.OPERATIONS.__getitem__, given)


def changed(operation: str) -> str:
    return f"{'OLD' if operation == 'delete' else 'NEW'} TABLE AS changed"


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0016_registers"),
        ("complaints", "0012_promises_of_recourse"),
        ("informing", "0018_promises_of_public"),
    ]

    operations = [
        *[seen.read_by(table, seen.owned("insurer_id")) for table, _ in FACTS.values()],
        *[keeps(source) for source in FACTS],
        *[
            kept._each(table, "reports_name_stale", changed, f"'{source}', '{key}'")
            for table, (source, key) in STALE.items()
        ],
    ]
