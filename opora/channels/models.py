"""Who carries our texts, what he said of each, and how he is doing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from opora.audit.services import uuid7
from opora.channels import schemas, sealing
from opora.channels.ports import Link
from opora.channels.words import CARRIES, Channel, Kind, State
from opora.organisations.models import Organisation
from opora.shared.triggers import append_only

if TYPE_CHECKING:
    from opora.organisations.models import Employee


class ProviderQuerySet(models.QuerySet["Provider"]):
    def accessible_to(self, employee: Employee) -> Self:
        """Providers of her organisation and its branches; for the fund — of its territory."""
        if employee.assignment is None:
            return self.none()
        return self.filter(organisation__in=Organisation.objects.manageable_by(employee))

    def active(self) -> Self:
        return self.filter(is_active=True)

    def carrying(self, channel: str, organisation: Organisation) -> Self:
        """Active ones that carry ``channel`` for the organisation; a branch without its own uses those of its head."""
        own = self.active().filter(channel=channel, organisation=organisation)
        if organisation.parent_id is None or own.exists():
            return own
        return self.active().filter(channel=channel, organisation=organisation.parent_id)


class Provider(models.Model):
    """Провайдер канала: who carries texts of one channel for an organisation, and how he is spoken to.

    ``settings`` are those of ``schemas.SCHEMAS[kind]``; passwords lie sealed in ``secrets`` and are opened by ``link``.
    ``share`` is his weight among those of the same channel. Not to be confused with a clinic (``Kind.PROVIDER``).
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="организация")
    slug = models.SlugField("короткое имя", max_length=40, help_text="Латиницей: им провайдера называют в командах.")
    title = models.CharField("название", max_length=200)
    kind = models.CharField("протокол", max_length=8, choices=Kind)
    channel = models.CharField("канал", max_length=10, choices=Channel)
    settings = models.JSONField("настройки", default=dict, blank=True)
    secrets = models.TextField(blank=True, default="", editable=False)
    sender = models.CharField(
        "отправитель",
        max_length=254,
        blank=True,
        default="",
        help_text="Имя отправителя СМС (до 11 латинских букв и цифр) или адрес, от которого уходят письма.",
    )
    share = models.PositiveSmallIntegerField(
        "доля", default=100, help_text="Вес среди провайдеров того же канала; 0 — только когда другие недоступны."
    )
    per_second = models.PositiveIntegerField("сообщений в секунду", default=100)
    window = models.PositiveIntegerField("ждать ответа одновременно на", default=50, help_text="Окно, сообщений.")
    segment_price = models.DecimalField("цена сегмента, руб.", max_digits=8, decimal_places=4, default=0)
    is_active = models.BooleanField("отправлять через него", default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ProviderQuerySet.as_manager()

    class Meta:
        verbose_name = "провайдер канала"
        verbose_name_plural = "провайдеры каналов"
        ordering = ["channel", "title", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "slug"],
                name="provider_slug_once",
                violation_error_message="У этой организации уже есть провайдер с таким коротким именем.",
            ),
            models.CheckConstraint(condition=Q(per_second__gte=1, window__gte=1), name="provider_moves"),
            models.CheckConstraint(condition=Q(segment_price__gte=0), name="provider_price_is_a_price"),
            models.CheckConstraint(
                condition=Q(
                    *[Q(kind=kind, channel__in=list(channels)) for kind, channels in CARRIES.items()], _connector=Q.OR
                ),
                name="provider_kind_carries_channel",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        if self.kind and self.channel and self.channel not in CARRIES[self.kind]:
            raise ValidationError({"channel": f"По протоколу «{self.get_kind_display()}» этот канал не доставить."})
        if self.kind and (wrong := schemas.faults(self.kind, self.settings)):
            raise ValidationError([f"{name}: {fault}" for name, fault in wrong.items()])

    def keep_secrets(self, secrets: dict[str, str]) -> None:
        """Add or replace passwords; the row is not saved here. Those that can no longer be read are dropped."""
        try:
            kept = sealing.unseal(self.secrets)
        except sealing.SecretUnreadable:
            kept = {}
        self.secrets = sealing.seal(kept | secrets)

    def link(self) -> Link:
        """Return what an adapter needs to speak to him. Raises SecretUnreadable."""
        return Link(
            provider=self.pk,
            organisation=self.organisation_id,
            slug=self.slug,
            kind=self.kind,
            channel=self.channel,
            settings=schemas.complete(self.kind, self.settings),
            secrets=sealing.unseal(self.secrets),
            sender=self.sender,
            per_second=self.per_second,
            window=self.window,
        )


class Receipt(models.Model):
    """Отчёт провайдера: one thing he said of one message. Append-only, by months; ``services.keep_receipts`` writes it.

    ``destination`` and ``mark`` are kept only while ``reference`` is not known: they are what finds the message then.
    """

    pk = models.CompositePrimaryKey("received_at", "id")
    received_at = models.DateTimeField("когда пришёл", default=timezone.now)
    id = models.UUIDField(default=uuid7)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    organisation_id = models.BigIntegerField("организация")
    message_id = models.CharField("номер у провайдера", max_length=100, db_collation="C")
    reference = models.UUIDField("наш номер", null=True)
    state = models.CharField("что сказал", max_length=13, choices=State)
    at = models.DateTimeField("когда это было")
    code = models.CharField("код", max_length=32, blank=True, default="")
    destination = models.CharField("кому", max_length=254, blank=True, default="")
    mark = models.PositiveIntegerField(null=True)

    class Meta:
        verbose_name = "отчёт провайдера"
        verbose_name_plural = "отчёты провайдеров"
        triggers = append_only()
        indexes = [
            models.Index(fields=["provider", "message_id"], name="receipt_of_message"),
            models.Index(fields=["provider", "message_id"], condition=Q(reference=None), name="receipt_of_nobody_yet"),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} {self.state}"


class Health(models.Model):
    """Самочувствие: how a provider did within one minute, added up from all processes. Kept for a week."""

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    organisation_id = models.BigIntegerField("организация")
    minute = models.DateTimeField("минута")
    accepted = models.PositiveIntegerField("принято", default=0)
    refused = models.PositiveIntegerField("отказано временно", default=0)
    unanswered = models.PositiveIntegerField("без ответа", default=0)
    unavailable = models.PositiveIntegerField("не удалось соединиться", default=0)
    answered = models.PositiveIntegerField("ответов", default=0)
    seconds = models.FloatField("сумма времени ответов", default=0)

    class Meta:
        verbose_name = "самочувствие провайдера"
        verbose_name_plural = "самочувствие провайдеров"
        constraints = [models.UniqueConstraint(fields=["provider", "minute"], name="health_minute_once")]

    def __str__(self) -> str:
        return f"{self.provider_id} {self.minute:%H:%M}"


class Given(models.Model):
    """What the stand-in was given instead of an outside system: a page shows it. Kept for a month."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    at = models.DateTimeField("когда", default=timezone.now)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    organisation_id = models.BigIntegerField("организация")
    reference = models.UUIDField("наш номер")
    to = models.CharField("кому", max_length=254)
    subject = models.CharField("тема", max_length=300, blank=True, default="")
    text = models.TextField("текст")
    state = models.CharField("ответ", max_length=13, choices=State)

    class Meta:
        verbose_name = "отданное заглушке"
        verbose_name_plural = "отданное заглушке"
        indexes = [models.Index(fields=["provider", "-id"], name="given_list")]

    def __str__(self) -> str:
        return f"{self.reference} {self.state}"
