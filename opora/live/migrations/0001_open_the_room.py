"""News of two minutes and open cards: tables without a write-ahead log, empty after a crash, and meant to be."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


# The numbers of news stay logged: one used again after a crash would be taken for news already heard.
UNLOGGED = "ALTER TABLE live_presence SET UNLOGGED; ALTER TABLE live_kept SET UNLOGGED;"
NUMBERS = "ALTER SEQUENCE live_kept_id_seq SET LOGGED;"


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Kept",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("body", models.TextField()),
            ],
            options={
                "verbose_name": "новости",
                "verbose_name_plural": "новости",
            },
        ),
        migrations.CreateModel(
            name="Presence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", models.CharField(max_length=120)),
                ("session", models.CharField(max_length=16)),
                ("until", models.DateTimeField()),
                (
                    "employee",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "открытая карточка",
                "verbose_name_plural": "открытые карточки",
                "constraints": [
                    models.UniqueConstraint(fields=("subject", "employee", "session"), name="presence_once")
                ],
            },
        ),
        migrations.RunSQL(UNLOGGED + NUMBERS, migrations.RunSQL.noop),
    ]
