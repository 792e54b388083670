"""What is said to the citizen and to other bodies, and the files of an appeal."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Exists, JSONField, OuterRef, Q, Value
from django.utils import timezone

from opora.appeals.models.appeal import Appeal
from opora.appeals.words import AnswerKind, AnswerState, Depth
from opora.audit.services import uuid7
from opora.classifiers.words import Channel
from opora.organisations.models import Employee, Organisation


class AnswerQuerySet(models.QuerySet["Answer"]):
    def undelivered(self) -> Self:
        """Final answers that came back and nothing followed: no later one has left, nobody has said what was done.

        Of a closed appeal only what it was closed with: one withdrawn after its answer came back waits for nothing.
        """
        gone = (AnswerState.SENT, AnswerState.DELIVERED)
        later = Answer.objects.filter(appeal=OuterRef("appeal"), kind=AnswerKind.FINAL, state__in=gone)
        waits = Q(appeal__closed_at=None) | Q(appeal__answered_at__isnull=False)
        failed = self.filter(waits, kind=AnswerKind.FINAL, state=AnswerState.FAILED, settled_at=None)
        return failed.exclude(Exists(later.filter(sent_at__gt=OuterRef("sent_at"))))


class Answer(models.Model):
    """An answer, a notice, a cover letter: prepared, approved by another, sent, delivered.

    Once it is approved or sent its text and what goes along do not change (a trigger refuses); rework is a new row.
    ``enclosed`` are ids of files of the appeal that go along, ``with_letter`` — so does the letter itself as a PDF:
    where a room above carries answers of the channel (``channels.Carrier``).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    appeal = models.ForeignKey(Appeal, models.PROTECT, related_name="answers")
    kind = models.CharField("что это", max_length=8, choices=AnswerKind)
    text = models.TextField("текст")
    template = models.CharField("шаблон", max_length=64, blank=True, default="")
    card = models.CharField("карточка ответа", max_length=64, blank=True, default="")
    to_organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, db_index=False, related_name="+")
    to_name = models.CharField("кому", max_length=300, blank=True, default="")
    channel = models.CharField("как отправлен", max_length=12, choices=Channel, blank=True, default="")
    state = models.CharField("состояние", max_length=10, choices=AnswerState, default=AnswerState.DRAFT)
    enclosed = models.JSONField("приложения", default=list, blank=True, db_default=Value([], JSONField()))
    with_letter = models.BooleanField("с письмом на бланке", default=False, db_default=False)
    outgoing_number = models.CharField("исходящий номер", max_length=50, blank=True, default="")
    outgoing_on = models.DateField("дата исходящего", null=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(Employee, models.PROTECT, null=True, db_index=False, related_name="+")
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(Employee, models.PROTECT, null=True, db_index=False, related_name="+")
    returned_why = models.CharField("почему возвращён", max_length=500, blank=True, default="")
    sent_at = models.DateTimeField("отправлен", null=True)
    delivered_at = models.DateTimeField("доставлен", null=True)
    settled_at = models.DateTimeField("сказано, что сделали с не дошедшим", null=True)
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        verbose_name = "ответ"
        verbose_name_plural = "ответы"
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=[AnswerState.SENT, AnswerState.DELIVERED]) | Q(sent_at__isnull=False),
                name="answer_sent_with_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state=AnswerState.DELIVERED) | Q(delivered_at__isnull=False),
                name="answer_delivered_with_moment",
            ),
        ]
        indexes = [
            models.Index(
                fields=["appeal"],
                condition=Q(kind=AnswerKind.FINAL, state=AnswerState.FAILED, settled_at=None),
                name="answer_undelivered",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} по обращению {self.appeal_id}"


class File(models.Model):
    """A file of an appeal. The bytes lie in the data folder under ``sha256``; they are read only through rights."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    appeal = models.ForeignKey(Appeal, models.PROTECT, related_name="files")
    name = models.CharField("имя", max_length=255)
    media_type = models.CharField("вид", max_length=100)
    size = models.PositiveIntegerField("размер, байт")
    sha256 = models.CharField(max_length=64)
    depth = models.PositiveSmallIntegerField("с какой глубины видно", choices=Depth, default=Depth.PERSONAL)
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey(Employee, models.PROTECT, null=True, db_index=False, related_name="+")
    removed_at = models.DateTimeField("убран", null=True)
    removed_why = models.CharField("почему убран", max_length=300, blank=True, default="")

    class Meta:
        verbose_name = "файл обращения"
        verbose_name_plural = "файлы обращений"
        ordering = ["added_at", "pk"]

    def __str__(self) -> str:
        return f"файл {self.pk}"
