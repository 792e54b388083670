"""Providers of channels, what they said (by months), how they do, and what the stand-in was given."""

import django.db.models.deletion
import django.utils.timezone
import opora.audit.services
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from opora.shared.partitions import CreatePartitionedModel


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("organisations", "0006_journal_rights"),
    ]

    operations = [
        migrations.CreateModel(
            name="Provider",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "slug",
                    models.SlugField(
                        help_text="Латиницей: им провайдера называют в командах.",
                        max_length=40,
                        verbose_name="короткое имя",
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="название")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("smpp", "SMPP 3.4"),
                            ("http", "HTTP"),
                            ("smtp", "Почтовый сервер (SMTP)"),
                            ("standin", "Заглушка: никуда не отправляет"),
                        ],
                        max_length=8,
                        verbose_name="протокол",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("sms", "СМС"),
                            ("messenger", "Мессенджер"),
                            ("email", "Электронная почта"),
                            ("portal", "Госуслуги"),
                        ],
                        max_length=10,
                        verbose_name="канал",
                    ),
                ),
                ("settings", models.JSONField(blank=True, default=dict, verbose_name="настройки")),
                ("secrets", models.TextField(blank=True, default="", editable=False)),
                (
                    "sender",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="Имя отправителя СМС (до 11 латинских букв и цифр) или адрес, от которого уходят письма.",
                        max_length=254,
                        verbose_name="отправитель",
                    ),
                ),
                (
                    "share",
                    models.PositiveSmallIntegerField(
                        default=100,
                        help_text="Вес среди провайдеров того же канала; 0 — только когда другие недоступны.",
                        verbose_name="доля",
                    ),
                ),
                ("per_second", models.PositiveIntegerField(default=100, verbose_name="сообщений в секунду")),
                (
                    "window",
                    models.PositiveIntegerField(
                        default=50, help_text="Окно, сообщений.", verbose_name="ждать ответа одновременно на"
                    ),
                ),
                (
                    "segment_price",
                    models.DecimalField(decimal_places=4, default=0, max_digits=8, verbose_name="цена сегмента, руб."),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="отправлять через него")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                        verbose_name="организация",
                    ),
                ),
            ],
            options={
                "verbose_name": "провайдер канала",
                "verbose_name_plural": "провайдеры каналов",
                "ordering": ["channel", "title", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Health",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("organisation_id", models.BigIntegerField(verbose_name="организация")),
                ("minute", models.DateTimeField(verbose_name="минута")),
                ("accepted", models.PositiveIntegerField(default=0, verbose_name="принято")),
                ("refused", models.PositiveIntegerField(default=0, verbose_name="отказано временно")),
                ("unanswered", models.PositiveIntegerField(default=0, verbose_name="без ответа")),
                ("unavailable", models.PositiveIntegerField(default=0, verbose_name="не удалось соединиться")),
                ("answered", models.PositiveIntegerField(default=0, verbose_name="ответов")),
                ("seconds", models.FloatField(default=0, verbose_name="сумма времени ответов")),
                (
                    "provider",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="channels.provider",
                    ),
                ),
            ],
            options={
                "verbose_name": "самочувствие провайдера",
                "verbose_name_plural": "самочувствие провайдеров",
            },
        ),
        migrations.CreateModel(
            name="Given",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=opora.audit.services.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="когда")),
                ("organisation_id", models.BigIntegerField(verbose_name="организация")),
                ("reference", models.UUIDField(verbose_name="наш номер")),
                ("to", models.CharField(max_length=254, verbose_name="кому")),
                ("subject", models.CharField(blank=True, default="", max_length=300, verbose_name="тема")),
                ("text", models.TextField(verbose_name="текст")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("accepted", "принято провайдером"),
                            ("enroute", "в пути"),
                            ("delivered", "доставлено"),
                            ("read", "прочитано"),
                            ("undeliverable", "не доставлено"),
                            ("rejected", "отклонено"),
                            ("expired", "срок вышел"),
                            ("unknown", "судьба неизвестна"),
                        ],
                        max_length=13,
                        verbose_name="ответ",
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="channels.provider",
                    ),
                ),
            ],
            options={
                "verbose_name": "отданное заглушке",
                "verbose_name_plural": "отданное заглушке",
            },
        ),
        CreatePartitionedModel(
            by="received_at",
            name="Receipt",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "received_at", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("received_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="когда пришёл")),
                ("id", models.UUIDField(default=opora.audit.services.uuid7)),
                ("organisation_id", models.BigIntegerField(verbose_name="организация")),
                ("message_id", models.CharField(db_collation="C", max_length=100, verbose_name="номер у провайдера")),
                ("reference", models.UUIDField(null=True, verbose_name="наш номер")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("accepted", "принято провайдером"),
                            ("enroute", "в пути"),
                            ("delivered", "доставлено"),
                            ("read", "прочитано"),
                            ("undeliverable", "не доставлено"),
                            ("rejected", "отклонено"),
                            ("expired", "срок вышел"),
                            ("unknown", "судьба неизвестна"),
                        ],
                        max_length=13,
                        verbose_name="что сказал",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="когда это было")),
                ("code", models.CharField(blank=True, default="", max_length=32, verbose_name="код")),
                ("destination", models.CharField(blank=True, default="", max_length=254, verbose_name="кому")),
                ("mark", models.PositiveIntegerField(null=True)),
                (
                    "provider",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="channels.provider",
                    ),
                ),
            ],
            options={
                "verbose_name": "отчёт провайдера",
                "verbose_name_plural": "отчёты провайдеров",
            },
        ),
        migrations.AddConstraint(
            model_name="provider",
            constraint=models.UniqueConstraint(
                fields=("organisation", "slug"),
                name="provider_slug_once",
                violation_error_message="У этой организации уже есть провайдер с таким коротким именем.",
            ),
        ),
        migrations.AddConstraint(
            model_name="provider",
            constraint=models.CheckConstraint(
                condition=models.Q(("per_second__gte", 1), ("window__gte", 1)), name="provider_moves"
            ),
        ),
        migrations.AddConstraint(
            model_name="provider",
            constraint=models.CheckConstraint(
                condition=models.Q(("segment_price__gte", 0)), name="provider_price_is_a_price"
            ),
        ),
        migrations.AddConstraint(
            model_name="provider",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("channel__in", ["sms"]), ("kind", "smpp")),
                    models.Q(("channel__in", ["sms", "messenger"]), ("kind", "http")),
                    models.Q(("channel__in", ["email"]), ("kind", "smtp")),
                    models.Q(("channel__in", ["sms", "messenger", "email", "portal"]), ("kind", "standin")),
                    _connector="OR",
                ),
                name="provider_kind_carries_channel",
            ),
        ),
        migrations.AddConstraint(
            model_name="health",
            constraint=models.UniqueConstraint(fields=("provider", "minute"), name="health_minute_once"),
        ),
        migrations.AddIndex(
            model_name="given",
            index=models.Index(fields=["provider", "-id"], name="given_list"),
        ),
        migrations.AddIndex(
            model_name="receipt",
            index=models.Index(fields=["provider", "message_id"], name="receipt_of_message"),
        ),
        migrations.AddIndex(
            model_name="receipt",
            index=models.Index(
                condition=models.Q(("reference", None)), fields=["provider", "message_id"], name="receipt_of_nobody_yet"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="receipt",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="471888c82f4cc270c08dbd093fd4a1c870ae57d7",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_b08e7",
                    table="channels_receipt",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="receipt",
            trigger=pgtrigger.compiler.Trigger(
                name="keep_all",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'append-only: % is never emptied', TG_TABLE_NAME;",
                    hash="8ac7ccf2934614647d41733b20d0c004f8133a09",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_keep_all_52a21",
                    table="channels_receipt",
                    when="BEFORE",
                ),
            ),
        ),
    ]
