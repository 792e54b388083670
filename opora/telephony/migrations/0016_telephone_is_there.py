from django.db import migrations, models

BREAKS = [
    ("rest", "отдых"),
    ("meal", "обед"),
    ("study", "учёба"),
    ("papers", "работа с документами"),
    ("other", "другое"),
    ("phone", "телефон не на связи"),
]


class Migration(migrations.Migration):
    dependencies = [("telephony", "0015_extensions_promises")]

    operations = [
        migrations.AddField(
            model_name="agent",
            name="phone_at",
            field=models.DateTimeField(null=True, verbose_name="телефон в браузере был на связи"),
        ),
        *[
            migrations.AlterField(
                model_name=name,
                name="reason",
                field=models.CharField(blank=True, choices=BREAKS, default="", max_length=8, **more),
            )
            for name, more in (("agent", {"verbose_name": "почему"}), ("spell", {}))
        ],
    ]
