"""What goes along with an answer: chosen files of the appeal, the letter itself. Former answers had nothing."""

from django.db import migrations, models
from django.db.models import Value


class Migration(migrations.Migration):
    dependencies = [("appeals", "0023_scores_of_calls")]

    operations = [
        migrations.AddField(
            model_name="answer",
            name="enclosed",
            field=models.JSONField(
                blank=True, db_default=Value([], models.JSONField()), default=list, verbose_name="приложения"
            ),
        ),
        migrations.AddField(
            model_name="answer",
            name="with_letter",
            field=models.BooleanField(db_default=False, default=False, verbose_name="с письмом на бланке"),
        ),
    ]
