"""A thread says whether its writer is the applicant of the appeal it is tied to: answers leave to him alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("doors", "0004_thread_is_forgotten")]

    operations = [
        migrations.AddField(
            model_name="thread",
            name="is_applicants",
            field=models.BooleanField(
                db_default=False, default=False, verbose_name="пишет сам заявитель или его представитель"
            ),
        )
    ]
