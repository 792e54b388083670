"""Partners' codes belong to a loaded file, as topics do: dated by it, never rewritten.

Rows: none are lost; the table was made in 0001 and nothing has written to it.
"""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("classifiers", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="edition",
            name="moved",
            field=models.JSONField(blank=True, default=dict, verbose_name="куда перешли темы прошлых версий"),
        ),
        migrations.DeleteModel(name="Mapping"),
        migrations.CreateModel(
            name="Mapping",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("system", models.CharField(max_length=20, verbose_name="система")),
                ("of", models.CharField(max_length=24, verbose_name="список")),
                ("ours", models.CharField(max_length=40, verbose_name="наше")),
                ("theirs", models.CharField(max_length=120, verbose_name="их код")),
                ("is_main_ours", models.BooleanField(default=True, verbose_name="их код читается так")),
                ("is_main_theirs", models.BooleanField(default=True, verbose_name="так пишется их код")),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mappings",
                        to="classifiers.edition",
                    ),
                ),
            ],
            options={
                "verbose_name": "соответствие кодов",
                "verbose_name_plural": "соответствия кодов",
                "ordering": ["system", "of", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("edition", "of", "ours", "theirs"), name="mapping_once"),
                    models.UniqueConstraint(
                        condition=Q(("is_main_ours", True)),
                        fields=("edition", "of", "theirs"),
                        name="mapping_reads_one_way",
                    ),
                    models.UniqueConstraint(
                        condition=Q(("is_main_theirs", True)),
                        fields=("edition", "of", "ours"),
                        name="mapping_writes_one_way",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="mapping",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="4d9ebf281a3d6b51e5e8b122063f7af3bd001d5f",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_9cc7e",
                    table="classifiers_mapping",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="mapping",
            trigger=pgtrigger.compiler.Trigger(
                name="keep_all",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'append-only: % is never emptied', TG_TABLE_NAME;",
                    hash="88afae570d7694b347bb8bd19c4f34555d3e1dfb",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_keep_all_8695e",
                    table="classifiers_mapping",
                    when="BEFORE",
                ),
            ),
        ),
    ]
