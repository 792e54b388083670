"""A thread that came over the limit of its sender or of its door is marked; the index counts those of the last hour."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("doors", "0006_fill_who_speaks")]

    operations = [
        migrations.AddField(
            model_name="thread",
            name="is_flood",
            field=models.BooleanField(db_default=False, default=False, verbose_name="пришла лавиной"),
        ),
        migrations.AddIndex(
            model_name="thread",
            index=models.Index(fields=["door", "-opened_at"], name="thread_of_door_opened"),
        ),
    ]
