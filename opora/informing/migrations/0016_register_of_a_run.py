"""A run knows that letters were taken out of it and its register still names them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("informing", "0015_other_clinic"),
    ]

    operations = [
        migrations.AddField(
            model_name="printrun",
            name="is_register_stale",
            field=models.BooleanField(db_default=False, default=False, verbose_name="реестр переписывается"),
        ),
    ]
