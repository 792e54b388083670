"""Turns: the order in which the one chainer placed events of all organisations, for the feed of changes."""

from django.db import migrations, models

from opora.appeals.models.chain import NextTurn

ON = """
ALTER TABLE appeals_chainlink ADD COLUMN turn bigserial NOT NULL;
CREATE UNIQUE INDEX chain_turn ON appeals_chainlink (turn);
"""
OFF = "ALTER TABLE appeals_chainlink DROP COLUMN turn;"


class Migration(migrations.Migration):
    dependencies = [("appeals", "0008_file_removed")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(ON, OFF)],
            state_operations=[
                migrations.AddField(
                    model_name="chainlink",
                    name="turn",
                    field=models.BigIntegerField(
                        db_default=NextTurn(), editable=False, unique=True, verbose_name="очередь"
                    ),
                )
            ],
        )
    ]
