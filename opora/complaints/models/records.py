"""Requests for medical documents: what was asked, of whom, what came."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from opora.audit.services import uuid7
from opora.complaints.models.case import BesideCaseQuerySet, Case
from opora.complaints.words import Conditions, ReminderKind, ReminderWay, RequestState
from opora.organisations.models import Employee, Organisation


class RecordsRequest(models.Model):
    """Запрос документов: to one clinic about one patient and one period of care.

    The clinic sees this row and never the complaint; ``patient`` is who the documents are of, as a letter would say it.
    ``due_on`` is counted by the pack ``law``; both are kept. From ``remind_on`` the clinic is reminded, once before the
    day and once after it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="requests")
    territory = models.CharField("территория", max_length=5)
    provider = models.ForeignKey(Organisation, models.PROTECT, db_index=False, related_name="+", verbose_name="клиника")
    asked_from = models.ForeignKey(Organisation, models.PROTECT, db_index=False, related_name="+")
    number = models.CharField("исходящий номер", max_length=50)
    patient = models.CharField("пациент", max_length=300)
    birth_on = models.DateField("дата рождения", null=True)
    enp = models.CharField("ЕНП", max_length=16, blank=True, default="", db_collation="C")
    conditions = models.CharField("где лечили", max_length=12, choices=Conditions)
    care_from = models.DateField("лечение с")
    care_to = models.DateField("по")
    wanted = models.TextField("что прислать", max_length=2000)
    asked_at = models.DateTimeField("запрошено", default=timezone.now)
    asked_by = models.ForeignKey(Employee, models.PROTECT, null=True, db_index=False, related_name="+")
    due_on = models.DateField("ответить до")
    remind_on = models.DateField("напомнить с", null=True)
    law = models.CharField("по каким срокам", max_length=90)
    state = models.CharField("состояние", max_length=10, choices=RequestState, default=RequestState.ASKED)
    answered_at = models.DateTimeField("ответ", null=True)
    answered_by = models.ForeignKey(Employee, models.PROTECT, null=True, db_index=False, related_name="+")
    answer = models.TextField("ответ клиники", blank=True, default="")
    returned_why = models.CharField("чего не хватает", max_length=500, blank=True, default="")
    settled_at = models.DateTimeField("принято или отозвано", null=True)
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    objects = BesideCaseQuerySet.as_manager()

    class Meta:
        verbose_name = "запрос документов"
        verbose_name_plural = "запросы документов"
        ordering = ["asked_at"]
        constraints = [
            models.CheckConstraint(condition=Q(care_to__gte=F("care_from")), name="request_period_runs_forward"),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "returned", "withdrawn"])
                | Q(answered_at__isnull=False, answered_at__gte=F("asked_at")),
                name="request_answered_after_asked",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["accepted", "withdrawn"], settled_at__isnull=False)
                | ~Q(state__in=["accepted", "withdrawn"]) & Q(settled_at=None),
                name="request_settled_with_moment",
            ),
        ]
        indexes = [
            models.Index(
                fields=["provider", "due_on"], condition=Q(state__in=["asked", "returned"]), name="request_of_clinic"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_awaited(self) -> bool:
        return self.state in {RequestState.ASKED, RequestState.RETURNED}


class Reminder(models.Model):
    """Напоминание клинике: one before the day of a request and one after it; a returned request has a new day.

    The row comes first, the letter after it: a letter that did not go (``fault``) is not sent twice, the clinic sees
    the request on its pages anyway.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    request = models.ForeignKey(RecordsRequest, models.PROTECT, related_name="reminders")
    kind = models.CharField("о чём", max_length=6, choices=ReminderKind)
    due_on = models.DateField("какой срок")
    way = models.CharField("как", max_length=5, choices=ReminderWay)
    at = models.DateTimeField("когда", default=timezone.now)
    sent_at = models.DateTimeField("письмо ушло", null=True)
    fault = models.CharField("почему не ушло", max_length=100, blank=True, default="")

    class Meta:
        verbose_name = "напоминание клинике"
        verbose_name_plural = "напоминания клиникам"
        ordering = ["at"]
        constraints = [models.UniqueConstraint(fields=["request", "kind", "due_on"], name="reminder_of_request_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.request_id}"


class Paper(models.Model):
    """A file a clinic has sent with its answer. The bytes lie where the files of the journal lie, under their hash."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    request = models.ForeignKey(RecordsRequest, models.PROTECT, related_name="papers")
    name = models.CharField("имя", max_length=255)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField("размер")
    sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField("приложен", default=timezone.now)
    added_by = models.ForeignKey(Employee, models.PROTECT, null=True, db_index=False, related_name="+")

    class Meta:
        verbose_name = "документ клиники"
        verbose_name_plural = "документы клиник"
        ordering = ["added_at"]
        constraints = [models.UniqueConstraint(fields=["request", "sha256"], name="paper_once")]

    def __str__(self) -> str:
        return self.name
