"""A file that came or left, and what the controls said of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from opora.exchange.findings import Severity
from opora.organisations.models import Organisation

if TYPE_CHECKING:
    from opora.organisations.models import Employee


class Direction(models.TextChoices):
    """Which way a file goes."""

    IN = "in", "Получен"
    OUT = "out", "Отправлен"


class Way(models.TextChoices):
    """Through which door a file came."""

    UPLOAD = "upload", "страница"
    FOLDER = "folder", "папка"
    COMMAND = "command", "команда"
    API = "api", "API"


class State(models.TextChoices):
    """What became of a file. A file that waits is taken up again after any crash."""

    WAITING = "waiting", "ждёт очереди"
    CHECKED = "checked", "проверен, не записан"
    ACCEPTED = "accepted", "принят"
    REPEATED = "repeated", "уже был принят"
    REFUSED = "refused", "не принят"
    READY = "ready", "готов"
    FAILED = "failed", "не получилось"


class ParcelQuerySet(models.QuerySet["Parcel"]):
    def accessible_to(self, employee: Employee) -> Self:
        """Files of her organisation and its branches; for the fund — of its territory."""
        if employee.assignment is None:
            return self.none()
        return self.filter(organisation__in=Organisation.objects.manageable_by(employee))

    def waiting(self) -> Self:
        return self.filter(state=State.WAITING)


class Parcel(models.Model):
    """Файл обмена: one file through the channel of ``organisation``. Its bytes lie in the data folder under ``sha256``.

    ``sent_as`` is the name by which an answer calls a file of ours: its own, or the id of the package.
    ``version`` counts files of one name with other bytes. ``counts`` are those of the controls and of what was stored.
    ``forgotten_at``: the bytes and what the controls said are gone, this line stays.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    direction = models.CharField("направление", max_length=4, choices=Direction, default=Direction.IN)
    way = models.CharField("как попал", max_length=8, choices=Way, default=Way.UPLOAD)
    format = models.CharField("формат", max_length=40, blank=True, default="")
    name = models.CharField("имя файла", max_length=255)
    version = models.PositiveIntegerField("версия", default=1)
    sha256 = models.CharField(max_length=64, blank=True, default="", db_collation="C")
    size = models.PositiveBigIntegerField("размер, байт", default=0)
    state = models.CharField("состояние", max_length=8, choices=State, default=State.WAITING)
    is_trial = models.BooleanField("только проверить", default=False)
    as_of = models.DateField("проверен на день", null=True)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField("кто", max_length=300, blank=True, default="")
    counts = models.JSONField("итог", default=dict)
    refusal = models.CharField("почему не принят", max_length=500, blank=True, default="")
    sent_as = models.CharField("как назовёт ответ", max_length=80, blank=True, default="", db_collation="C")
    answer_name = models.CharField("имя ответа", max_length=255, blank=True, default="")
    answer_sha256 = models.CharField(max_length=64, blank=True, default="", db_collation="C")
    repeats = models.ForeignKey("self", models.PROTECT, null=True, related_name="repetitions", verbose_name="повторяет")
    options = models.JSONField("что просили", default=dict)
    received_at = models.DateTimeField("когда", default=timezone.now)
    finished_at = models.DateTimeField("готов", null=True)
    forgotten_at = models.DateTimeField("стёрт", null=True)

    objects = ParcelQuerySet.as_manager()

    class Meta:
        verbose_name = "файл обмена"
        verbose_name_plural = "файлы обмена"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=State.WAITING, finished_at=None)
                | ~Q(state=State.WAITING) & Q(finished_at__isnull=False),
                name="parcel_ends_with_moment",
            ),
            models.CheckConstraint(
                condition=Q(state=State.REPEATED, repeats__isnull=False) | ~Q(state=State.REPEATED) & Q(repeats=None),
                name="parcel_repeats_something",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "-id"], name="parcel_list"),
            models.Index(fields=["organisation", "sha256"], name="parcel_same_bytes"),
            models.Index(fields=["organisation", "name"], name="parcel_same_name"),
            models.Index(fields=["id"], condition=Q(state="waiting"), name="parcel_queue"),
            models.Index(fields=["finished_at"], condition=Q(forgotten_at=None), name="parcel_to_forget"),
            models.Index(fields=["organisation", "sent_as"], condition=~Q(sent_as=""), name="parcel_sent_as"),
        ]

    def __str__(self) -> str:
        return f"файл обмена {self.pk}"

    @property
    def is_finished(self) -> bool:
        return self.state != State.WAITING

    @property
    def is_stored(self) -> bool:
        return self.state in {State.ACCEPTED, State.REPEATED}


class ParcelFinding(models.Model):
    """One remark of the controls. The message may quote the file, so it is seen as far as the file is.

    ``person_id`` is set for files of ours: whose card lacks what the partner asks for.
    """

    parcel = models.ForeignKey(Parcel, models.CASCADE, related_name="findings", db_index=False)
    position = models.PositiveIntegerField()
    place = models.PositiveIntegerField("запись по порядку", null=True)
    record = models.CharField("ключ записи", max_length=200, blank=True, default="")
    field = models.CharField("поле", max_length=100, blank=True, default="")
    severity = models.CharField("что это", max_length=8, choices=[(one.value, one.value) for one in Severity])
    code = models.CharField("код", max_length=10, blank=True, default="")
    message = models.CharField("что не так", max_length=1000)
    person_id = models.BigIntegerField("у кого", null=True)

    class Meta:
        verbose_name = "замечание контроля"
        verbose_name_plural = "замечания контроля"
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["parcel", "position"], name="parcel_finding_once")]

    def __str__(self) -> str:
        return f"{self.field}: {self.message}"


def shown_name(name: str) -> str:
    """Return a file's name for lists and logs: long numbers, which may be somebody's, are hidden.

    >>> shown_name("zhurnal_5476410835001236.xlsx"), shown_name("G1OUT_81000_20260529180500.xml")
    ('zhurnal_…1236.xlsx', 'G1OUT_81000_20260529180500.xml')
    """
    return re.sub(r"(?<!\d)\d{12}(?=\d{4}(?!\d))", "…", name)
