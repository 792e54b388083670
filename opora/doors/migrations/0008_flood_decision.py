"""One decision for a whole flood: what was decided, by whom, whether it was undone; threads know theirs."""

import django.db.models.deletion
import django.utils.timezone
import opora.audit.services
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from opora.shared.row_security import protect


class Migration(migrations.Migration):
    dependencies = [
        ("appeals", "0027_routes_to_clinics_and_authorities"),
        ("doors", "0007_flood"),
        ("insured", "0011_fold_by_the_day_of_the_territory"),
        ("organisations", "0015_right_of_the_flood"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FloodDecision",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=opora.audit.services.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("release", "В общую очередь"), ("aside", "Убрать: не обращения")],
                        max_length=8,
                        verbose_name="что решили",
                    ),
                ),
                ("why", models.CharField(blank=True, default="", max_length=300, verbose_name="почему")),
                ("is_of_one", models.BooleanField(verbose_name="письма одного отправителя")),
                ("number", models.PositiveIntegerField(verbose_name="писем")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="когда")),
                ("undone_at", models.DateTimeField(null=True, verbose_name="отменено")),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "door",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="doors.door"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "решение о лавине",
                "verbose_name_plural": "решения о лавине",
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.AddField(
            model_name="thread",
            name="flood_decision",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="threads",
                to="doors.flooddecision",
            ),
        ),
        migrations.AddIndex(
            model_name="thread",
            index=models.Index(
                condition=models.Q(("flood_decision__isnull", False)),
                fields=["flood_decision"],
                name="thread_of_decision",
            ),
        ),
        migrations.AddIndex(
            model_name="flooddecision",
            index=models.Index(fields=["organisation", "-at", "-id"], name="flood_decisions_latest"),
        ),
        migrations.AddConstraint(
            model_name="flooddecision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "aside"), _negated=True), models.Q(("why", ""), _negated=True), _connector="OR"
                ),
                name="flood_aside_for_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="flooddecision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("undone_at", None), ("undone_by", None)),
                    models.Q(("undone_at__isnull", False), ("undone_by__isnull", False)),
                    _connector="OR",
                ),
                name="flood_undone_by_somebody",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="flooddecision",
            trigger=pgtrigger.compiler.Trigger(
                name="undone_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                    IF TG_OP = 'DELETE' OR OLD.undone_at IS NOT NULL\n                       OR to_jsonb(NEW) - 'undone_at' - 'undone_by_id' <> to_jsonb(OLD) - 'undone_at' - 'undone_by_id'\n                    THEN\n                      RAISE EXCEPTION 'append-only: a decision about a flood is only undone, once';\n                    END IF;\n                    RETURN NEW;\n                ",
                    hash="eaac04283bec186e743fc3fda0149fb534ece8f8",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_undone_once_4f45e",
                    table="doors_flooddecision",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="flooddecision",
            trigger=pgtrigger.compiler.Trigger(
                name="keep_all",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'append-only: % is never emptied', TG_TABLE_NAME;",
                    hash="516af321d5fb711d0324821a4bbbb33763c7f095",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_keep_all_ea3d3",
                    table="doors_flooddecision",
                    when="BEFORE",
                ),
            ),
        ),
        protect("doors_flooddecision", "organisations_sees(organisation_id)"),
    ]
