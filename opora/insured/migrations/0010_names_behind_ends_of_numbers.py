"""The end of a number beside a name is found by one index: rows with another name are passed over inside it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("insured", "0009_trusted_work_spares_the_register"),
        ("organisations", "0008_channels_rights"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="person",
            name="person_by_enp_tail",
        ),
        migrations.RemoveIndex(
            model_name="person",
            name="person_by_snils_tail",
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(fields=["enp_tail", "surname_key", "given_key"], name="person_by_enp_tail_and_name"),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(fields=["snils_tail", "surname_key", "given_key"], name="person_by_snils_tail_and_name"),
        ),
    ]
