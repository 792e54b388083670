"""A place is given once (a second one is refused by the database), and the log of checks of the history."""

import opora.audit.services
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from opora.appeals.security import ALL, ORGANISATION
from opora.shared.row_security import SEES, protect, setting

# Rows of these two live for a second: their dead ones are cleared by count, not by share of the table.
BRIEF = "autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_analyze_threshold = 5000"


class Migration(migrations.Migration):
    dependencies = [
        ("appeals", "0002_promises"),
    ]

    operations = [
        migrations.CreateModel(
            name="Verification",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=opora.audit.services.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("organisation_id", models.BigIntegerField(null=True, verbose_name="организация")),
                ("territory", models.CharField(blank=True, default="", max_length=5, verbose_name="территория")),
                ("started_at", models.DateTimeField(verbose_name="начата")),
                ("finished_at", models.DateTimeField(verbose_name="закончена")),
                ("by_id", models.BigIntegerField(null=True)),
                ("by_name", models.CharField(blank=True, default="", max_length=300, verbose_name="кто")),
                ("is_clean", models.BooleanField(verbose_name="всё сошлось")),
                ("events", models.BigIntegerField(default=0, verbose_name="событий")),
                ("heads", models.JSONField(default=list, verbose_name="концы цепочек")),
                ("findings", models.JSONField(default=list, verbose_name="находки")),
            ],
            options={
                "verbose_name": "проверка журнала",
                "verbose_name_plural": "проверки журнала",
                "ordering": ["-id"],
            },
        ),
        migrations.AddConstraint(
            model_name="chainlink",
            constraint=models.UniqueConstraint(fields=("event_at", "event_id"), name="chain_place_once"),
        ),
        migrations.AddIndex(
            model_name="verification",
            index=models.Index(fields=["territory", "-id"], name="verification_of_territory"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="verification",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="f5953774248cbb2a7280a9897902af8478c400c3",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_9c33d",
                    table="appeals_verification",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="verification",
            trigger=pgtrigger.compiler.Trigger(
                name="keep_all",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'append-only: % is never emptied', TG_TABLE_NAME;",
                    hash="2779bb6edc05988d3c33400d4ef535625ae1922b",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_keep_all_851e9",
                    table="appeals_verification",
                    when="BEFORE",
                ),
            ),
        ),
        protect(
            "appeals_verification",
            f"""CASE {SEES}
                  WHEN 'all' THEN true
                  WHEN 'territory' THEN territory = {setting("territory")}
                  ELSE organisation_id = {ORGANISATION}
                END""",
            insert=ALL,
        ),
        *[
            migrations.RunSQL(
                f"ALTER TABLE {table} SET ({BRIEF})",
                f"ALTER TABLE {table} RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold,"
                " autovacuum_analyze_threshold)",
            )
            for table in ("appeals_unchained", "appeals_tally")
        ],
    ]
