"""A final answer that came back waits for words of what was done; how many wait is known by an index of those alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("appeals", "0025_enclosures_stay")]

    operations = [
        migrations.AddField(
            model_name="answer",
            name="settled_at",
            field=models.DateTimeField(null=True, verbose_name="сказано, что сделали с не дошедшим"),
        ),
        migrations.AddIndex(
            model_name="answer",
            index=models.Index(
                condition=models.Q(("kind", "final"), ("settled_at", None), ("state", "failed")),
                fields=["appeal"],
                name="answer_undelivered",
            ),
        ),
    ]
