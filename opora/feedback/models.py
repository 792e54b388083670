"""Messages of the platform, what happened to each, what we have asked the platform to do."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone

from opora.access.scope import Sees
from opora.appeals.models import Appeal
from opora.audit.services import uuid7
from opora.classifiers.words import Outcome, Verdict
from opora.doors.models import Door, Thread
from opora.doors.words import Fate
from opora.feedback.words import OPEN, ErrandKind, Stage, StepKind, Track
from opora.organisations.models import Employee, Organisation
from opora.shared.triggers import never_emptied

if TYPE_CHECKING:
    from opora.access.scope import Scope

_OPEN = Q(stage__in=[str(stage) for stage in OPEN])


class PosMessageQuerySet(models.QuerySet):
    """What came to her organisation, and what her organisation answers."""

    def accessible_to(self, employee: Employee) -> Self:
        return self.within(employee.scope)

    def within(self, scope: Scope) -> Self:
        if scope.sees == Sees.ALL:
            return self
        own = scope.organisation
        if own is None:
            return self.none()
        hers = Q(organisation=own) | Q(organisation__parent=own) | Q(handler=own)
        branch = Q(handler__in=Organisation.objects.filter(pk=own).values("parent"))
        return self.filter(hers | branch)

    def open(self) -> Self:
        return self.filter(_OPEN)


class PosMessage(models.Model):
    """Сообщение с Госуслуг. ``organisation`` has the door it came by, ``handler`` answers for it now.

    The text, the people and the clock are those of ``appeal``; ``due_at`` is a copy that lists are ordered by.
    ``answer`` is the answer of the journal that is on its way; ``outcome`` and ``verdict`` close the appeal when it is
    published. ``stage`` is a bookmark, steps are the facts; ``version`` guards against lost updates.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    territory = models.CharField("территория", max_length=5)
    organisation = models.ForeignKey(Organisation, models.PROTECT, db_index=False, related_name="+")
    handler = models.ForeignKey(
        Organisation, models.PROTECT, db_index=False, related_name="+", verbose_name="кто отвечает"
    )
    door = models.ForeignKey(Door, models.PROTECT, db_index=False, related_name="+")
    thread = models.OneToOneField(Thread, models.SET_NULL, null=True, related_name="+")
    appeal = models.OneToOneField(Appeal, models.PROTECT, related_name="+", verbose_name="обращение")
    external_id = models.CharField("номер на Госуслугах", max_length=100, db_collation="C")
    category = models.CharField("категория", max_length=300, blank=True, default="")
    subcategory = models.CharField("подкатегория", max_length=300, blank=True, default="")
    is_known_category = models.BooleanField("категория есть в таблице", default=True)
    track = models.CharField("порядок", max_length=8, choices=Track, default=Track.ORDINARY)
    stage = models.CharField("этап", max_length=10, choices=Stage, default=Stage.RECEIVED)
    executor = models.ForeignKey(Employee, models.PROTECT, null=True, db_index=False, related_name="+")
    received_at = models.DateTimeField("поступило")
    due_at = models.DateTimeField("ответить до")
    answer = models.UUIDField("ответ журнала", null=True)
    outcome = models.CharField("исход", max_length=20, choices=Outcome, blank=True, default="")
    verdict = models.CharField("сведения о жалобе", max_length=12, choices=Verdict, blank=True, default="")
    trouble = models.CharField("что не вышло", max_length=300, blank=True, default="")
    answered_at = models.DateTimeField("отвечено", null=True)
    published_at = models.DateTimeField("опубликовано", null=True)
    answered_by = models.ForeignKey(
        Organisation, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="кто ответил"
    )
    rating = models.PositiveSmallIntegerField("оценка", null=True)
    rated_at = models.DateTimeField("оценено", null=True)
    reopened = models.PositiveSmallIntegerField("возвращалось раз", default=0)
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    objects = PosMessageQuerySet.as_manager()

    class Meta:
        verbose_name = "сообщение с Госуслуг"
        verbose_name_plural = "сообщения с Госуслуг"
        constraints = [
            models.UniqueConstraint(fields=["door", "external_id"], name="pos_message_once"),
            models.CheckConstraint(
                condition=~Q(stage=Stage.ANSWERED) | Q(answered_at__isnull=False) & Q(answered_by__isnull=False),
                name="pos_message_answered_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "due_at", "id"], condition=_OPEN, name="pos_open_of_door"),
            models.Index(fields=["handler", "due_at", "id"], condition=_OPEN, name="pos_open_of_handler"),
            models.Index(fields=["organisation", "answered_at", "id"], name="pos_answered"),
            models.Index(fields=["handler", "answered_at", "id"], name="pos_answered_by_handler"),
        ]

    def __str__(self) -> str:
        return f"сообщение с Госуслуг {self.external_id}"

    @property
    def is_open(self) -> bool:
        return self.stage in OPEN

    @property
    def is_late(self) -> bool:
        return self.is_open and self.due_at < timezone.now()

    @property
    def about(self) -> str:
        """What it is about, as the platform calls it."""
        return " · ".join(filter(None, (self.category, self.subcategory)))

    @property
    def done_at(self) -> datetime:
        return self.answered_at or self.received_at


class Step(models.Model):
    """What happened to a message: who, when, why. Append-only. ``change`` is the number of the platform's own line."""

    message = models.ForeignKey(PosMessage, models.PROTECT, db_index=False, related_name="steps")
    at = models.DateTimeField("когда", default=timezone.now)
    kind = models.CharField("что", max_length=18, choices=StepKind)
    by = models.ForeignKey(Employee, models.PROTECT, null=True, db_index=False, related_name="+")
    who = models.CharField("кто", max_length=300)
    text = models.TextField("слова", blank=True, default="")
    details = models.JSONField(default=dict)
    change = models.CharField(max_length=100, blank=True, default="", db_collation="C")

    class Meta:
        verbose_name = "шаг"
        verbose_name_plural = "шаги"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["message", "change"], condition=~Q(change=""), name="pos_step_once")
        ]
        indexes = [models.Index(fields=["message", "id"], name="pos_steps")]
        triggers = [
            pgtrigger.Trigger(
                name="stays",
                operation=pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                func="RAISE EXCEPTION 'append-only: a step stays as it was';",
            ),
            never_emptied(),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.at:%d.%m.%Y}"

    @property
    def until(self) -> date | None:
        """The last day of a longer term."""
        told = self.details.get("until")
        return date.fromisoformat(told) if told else None


class Errand(models.Model):
    """Поручение платформе; its key is the reference the platform is given. ``by`` None — a program of a partner.

    ``started_at`` is written before anybody is called: a row that has it and is still ``sending`` may or may not have
    left, and is never sent again by the program.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    message = models.ForeignKey(PosMessage, models.PROTECT, related_name="errands")
    kind = models.CharField("что", max_length=12, choices=ErrandKind)
    given: models.JSONField[dict[str, Any]] = models.JSONField(default=dict)
    by = models.ForeignKey(Employee, models.PROTECT, null=True, db_index=False, related_name="+")
    state = models.CharField("состояние", max_length=9, choices=Fate, default=Fate.SENDING)
    attempts = models.PositiveSmallIntegerField("попыток", default=0)
    created_at = models.DateTimeField(default=timezone.now)
    next_at = models.DateTimeField("когда отправить", default=timezone.now)
    started_at = models.DateTimeField("отдаётся с", null=True)
    ended_at = models.DateTimeField("чем-то кончилось", null=True)
    why = models.CharField("почему не принято", max_length=300, blank=True, default="")

    class Meta:
        verbose_name = "поручение платформе"
        verbose_name_plural = "поручения платформе"
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["message"], condition=Q(state=Fate.SENDING), name="pos_errand_one_at_once"),
            models.CheckConstraint(condition=~Q(state=Fate.FAILED) | ~Q(why=""), name="pos_errand_fails_for_a_reason"),
        ]
        indexes = [models.Index(fields=["next_at"], condition=Q(state=Fate.SENDING), name="pos_errand_due")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.state}"

    @property
    def is_of_card(self) -> bool:
        """A prolongation or a forwarding the journal has done before the platform was asked."""
        return "event" in self.given
