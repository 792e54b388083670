"""Outside programs, their keys and sessions."""

import django.contrib.postgres.fields
import django.db.models.deletion
import opora.partners.models
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("organisations", "0005_rights_by_function"),
    ]

    operations = [
        migrations.CreateModel(
            name="ApiPartner",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200, verbose_name="название")),
                (
                    "rights",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("insured:search", "Искать застрахованных"),
                                ("insured:view", "Открывать карточку застрахованного"),
                            ],
                            max_length=64,
                        ),
                        verbose_name="что может",
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("appeal", "Обращение застрахованного"),
                            ("informing", "Информирование"),
                            ("control", "Экспертиза и контроль"),
                            ("register", "Ведение регистра"),
                            ("quality", "Контроль качества работы"),
                            ("inspection", "Проверка по поручению"),
                        ],
                        help_text="Останется в журнале рядом с каждым чтением.",
                        max_length=16,
                        verbose_name="зачем",
                    ),
                ),
                (
                    "networks",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=43, validators=[opora.partners.models.check_network]),
                        blank=True,
                        default=list,
                        help_text="Сети через запятую, например 10.20.0.0/16. Пусто — отовсюду.",
                        verbose_name="откуда",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="может входить")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="organisations.organisation",
                        verbose_name="работает за",
                    ),
                ),
            ],
            options={
                "verbose_name": "внешняя система",
                "verbose_name_plural": "внешние системы",
                "ordering": ["name", "pk"],
            },
        ),
        migrations.CreateModel(
            name="OneTimeKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("family", models.UUIDField(default=uuid.uuid4)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("expires_at", models.DateTimeField(verbose_name="действует до")),
                ("revoked_at", models.DateTimeField(null=True, verbose_name="отозван")),
                ("used_at", models.DateTimeField(null=True, verbose_name="использован")),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="keys", to="partners.apipartner"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PartnerSession",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("family", models.UUIDField(default=uuid.uuid4)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("expires_at", models.DateTimeField(verbose_name="действует до")),
                ("revoked_at", models.DateTimeField(null=True, verbose_name="отозван")),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="sessions", to="partners.apipartner"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="apipartner",
            constraint=models.UniqueConstraint(
                fields=("organisation", "name"),
                name="partner_name_once",
                violation_error_message="У этой организации уже есть внешняя система с таким названием.",
            ),
        ),
        migrations.AddIndex(
            model_name="onetimekey",
            index=models.Index(fields=["family"], name="partner_keys_of_family"),
        ),
        migrations.AddIndex(
            model_name="partnersession",
            index=models.Index(fields=["family"], name="partner_sessions_of_family"),
        ),
    ]
