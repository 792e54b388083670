"""Every thread has the day it is forgotten: so it was written from the first day, now the database keeps it."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("doors", "0003_own_house_alone")]

    operations = [
        migrations.AddConstraint(
            model_name="thread",
            constraint=models.CheckConstraint(
                condition=Q(forget_at__isnull=False), name="thread_is_forgotten_some_day"
            ),
        )
    ]
