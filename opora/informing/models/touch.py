"""A touch: one person, one round, one channel. The row is the fact, its key is the law."""

from __future__ import annotations

from typing import Self
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Func, Q, Value
from django.utils import timezone

from opora.informing.words import Channel, Exclude, Lane, Measure, Outcome, Purpose, Reason, TouchState
from opora.organisations.models import Employee, ScopedQuerySet
from opora.shared.triggers import append_only


class TouchQuerySet(ScopedQuerySet):
    def waiting(self) -> Self:
        return self.filter(state=TouchState.PLANNED)


class Touch(models.Model):
    """Контакт. Partitioned by year; made only by planning (``sql/plan_wave.sql``), which is why it carries no foreign
    keys: people, waves and campaigns are never deleted, and three million checks would cost more than the rows.

    ``address`` is the number or e-mail it goes to, empty after retention; ``id`` is born before the queue and travels
    with the message. ``not_before`` is pacing; ``zone`` is the person's clock for allowed hours. ``cost`` in roubles.
    ``doubts`` — how often it was being sent and nobody said what became of it.
    """

    pk = models.CompositePrimaryKey("year", "id")
    year = models.PositiveSmallIntegerField("год")
    id = models.BigIntegerField(db_default=Func(Value("informing_touch_id"), function="nextval"))
    campaign_id = models.BigIntegerField("кампания")
    wave_id = models.BigIntegerField("волна")
    round = models.PositiveSmallIntegerField("раунд")
    person_id = models.BigIntegerField("кто")
    channel = models.CharField("способ", max_length=12, choices=Channel)
    territory = models.CharField("территория", max_length=5)
    insurer = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, db_index=False, db_constraint=False, related_name="+"
    )
    provider = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, null=True, db_index=False, db_constraint=False, related_name="+"
    )
    measure = models.CharField("повод", max_length=16, choices=Measure)
    purpose = models.CharField("зачем", max_length=16, choices=Purpose)
    lane = models.CharField("полоса", max_length=6, choices=Lane)
    zone = models.CharField("часовой пояс", max_length=32)
    contact_id = models.BigIntegerField("контакт", null=True)
    address = models.CharField("куда", max_length=254, blank=True, default="")
    template_id = models.BigIntegerField("текст", null=True)
    state = models.CharField("состояние", max_length=10, choices=TouchState, default=TouchState.PLANNED)
    outcome = models.CharField("итог", max_length=16, choices=Outcome, blank=True, default="")
    reason = models.CharField("почему", max_length=16, choices=Reason, blank=True, default="")
    not_before = models.DateTimeField("не раньше")
    until = models.DateField("не позже", null=True)
    planned_at = models.DateTimeField("запланирован", default=timezone.now)
    attempts = models.PositiveSmallIntegerField("попыток", default=0)
    doubts = models.PositiveSmallIntegerField("раз без ответа", default=0, db_default=0)
    claimed_at = models.DateTimeField(null=True)
    claimed_by = models.CharField(max_length=40, blank=True, default="")
    gateway_id = models.BigIntegerField("через кого", null=True)
    message_id = models.CharField("номер у провайдера", max_length=64, blank=True, default="")
    segments = models.PositiveSmallIntegerField("частей", default=0)
    cost = models.DecimalField("стоимость", max_digits=8, decimal_places=2, default=0)
    sent_at = models.DateTimeField("отправлен", null=True)
    final_at = models.DateTimeField("завершён", null=True)
    employee_id = models.BigIntegerField("кто говорил", null=True)
    came_on = models.DateField("пришёл после него", null=True)

    objects = TouchQuerySet.as_manager()

    class Meta:
        verbose_name = "контакт"
        verbose_name_plural = "контакты"
        constraints = [
            models.UniqueConstraint(fields=["year", "campaign_id", "round", "person_id", "channel"], name="touch_once"),
        ]
        indexes = [
            models.Index(
                fields=["wave_id", "zone", "not_before"],
                condition=Q(state="planned"),
                name="touch_to_send",
            ),
            models.Index(
                fields=["claimed_at"],
                condition=Q(state__in=["claimed", "sending"]),
                name="touch_in_hand",
            ),
            models.Index(fields=["sent_at"], condition=Q(state="sent"), name="touch_awaits_receipt"),
            models.Index(fields=["gateway_id", "message_id"], condition=~Q(message_id=""), name="touch_by_message"),
            models.Index(fields=["person_id", "planned_at"], name="touch_of_person"),
            models.Index(fields=["measure", "person_id"], condition=Q(outcome="refused"), name="touch_refused"),
            models.Index(fields=["campaign_id", "state", "round", "person_id"], name="touch_rows"),
            models.Index(
                fields=["campaign_id", "round", "person_id"], condition=Q(came_on__isnull=False), name="touch_came"
            ),
            models.Index(
                fields=["campaign_id", "round", "person_id"], condition=Q(outcome="unknown"), name="touch_unknown"
            ),
            models.Index(
                fields=["gateway_id", "address"],
                condition=Q(doubts__gt=0, state__in=["planned", "silent"]),
                name="touch_doubted",
            ),
        ]

    def __str__(self) -> str:
        return f"контакт {self.id}"

    @property
    def days_until_came(self) -> int | None:
        """How many days after it the person came, by his own clock; None where nobody came after it."""
        at = self.sent_at or self.final_at
        if self.came_on is None or at is None:
            return None
        return max(0, (self.came_on - at.astimezone(ZoneInfo(self.zone)).date()).days)


class Exclusion(models.Model):
    """Кому не пишем в этой волне и почему. Partitioned by year; each number of a dry run opens into these rows."""

    pk = models.CompositePrimaryKey("year", "wave_id", "person_id")
    year = models.PositiveSmallIntegerField("год")
    wave_id = models.BigIntegerField("волна")
    person_id = models.BigIntegerField("кто")
    territory = models.CharField("территория", max_length=5)
    insurer = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, db_index=False, db_constraint=False, related_name="+"
    )
    provider = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, null=True, db_index=False, db_constraint=False, related_name="+"
    )
    reason = models.CharField("почему", max_length=16, choices=Exclude)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "исключение из волны"
        verbose_name_plural = "исключения из волн"
        indexes = [models.Index(fields=["wave_id", "reason", "person_id"], name="exclusion_rows")]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.reason}"


class Attempt(models.Model):
    """Попытка разговора: a call of the call list, as it ended. Append-only."""

    id = models.BigAutoField(primary_key=True)
    year = models.PositiveSmallIntegerField("год")
    touch_id = models.BigIntegerField("контакт")
    territory = models.CharField("территория", max_length=5)
    insurer = models.ForeignKey("organisations.Organisation", models.PROTECT, db_index=False, related_name="+")
    provider = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, null=True, db_index=False, related_name="+"
    )
    employee = models.ForeignKey(Employee, models.PROTECT, null=True, db_index=False, related_name="+")
    at = models.DateTimeField("когда", default=timezone.now)
    phone = models.CharField("куда", max_length=20, blank=True, default="")
    outcome = models.CharField("итог", max_length=16, choices=Outcome)
    reason = models.CharField("почему не пришли", max_length=16, choices=Reason, blank=True, default="")
    again_at = models.DateTimeField("перезвонить", null=True)
    seconds = models.PositiveIntegerField("секунд", default=0)
    note = models.CharField("примечание", max_length=300, blank=True, default="")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "попытка"
        verbose_name_plural = "попытки"
        triggers = append_only()
        indexes = [
            models.Index(fields=["touch_id"], name="attempt_of_touch"),
            models.Index(fields=["employee", "at"], name="attempt_of_employee"),
            models.Index(fields=["again_at"], condition=Q(again_at__isnull=False), name="attempt_promised"),
        ]

    def __str__(self) -> str:
        return f"попытка {self.pk}"
