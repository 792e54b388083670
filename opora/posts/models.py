"""What came from the tablets of posts, and the keys it was sealed to."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from opora.audit.services import uuid7
from opora.organisations.models.scoped import ScopedQuerySet
from opora.posts.envelopes import Envelope

if TYPE_CHECKING:
    from typing import Self

    from opora.organisations.models import Employee

LATE = timedelta(minutes=20)  # assumed: five hundred tablets with twenty records each are registered sooner


class Seal(models.Model):
    """Пара ключей организации: tablets seal to ``public``; ``private`` is sealed by a key derived from SECRET_KEY."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    territory = models.CharField(max_length=5)
    insurer = models.ForeignKey("organisations.Organisation", models.PROTECT, null=True, related_name="+")
    public = models.CharField(max_length=100)
    private = models.TextField()
    made_at = models.DateTimeField(auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "ключ постов"
        verbose_name_plural = "ключи постов"
        ordering = ["-id"]

    def __str__(self) -> str:
        return str(self.id)


class RecordQuerySet(ScopedQuerySet):
    def accessible_to(self, employee: Employee) -> Self:
        """Records of her organisation's posts; a clinic sees none."""
        if employee.assignment is None or employee.scope.provider:
            return self.none()
        return super().accessible_to(employee)

    def in_trouble(self) -> Self:
        return self.filter(appeal=None, settled_at=None)


class ArrivalQuerySet(RecordQuerySet):
    def due(self) -> Self:
        """Not put off after a fault of the program."""
        return self.filter(next_at__lte=timezone.now())

    def late(self) -> Self:
        """Waiting so long that somebody has to be told: the worker stands, or the program cannot cope with it."""
        return self.filter(arrived_at__lt=timezone.now() - LATE)


class Arrival(models.Model):
    """Конверт, который ждёт регистрации: it has reached the house, sealed, and leaves when its ``Record`` is written.

    ``id`` is the order of arrival. ``key`` is unique within a house and not among all, so that nobody learns of a key
    of another's or takes it up. ``assignment`` and ``purpose`` are those under which it was sent; ``device_now`` is
    what the tablet took the moment ``arrived_at`` for.
    """

    key = models.UUIDField(editable=False)
    territory = models.CharField(max_length=5)
    insurer = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, null=True, db_index=False, related_name="+"
    )
    post = models.ForeignKey("organisations.Post", models.SET_NULL, null=True, db_index=False, related_name="+")
    assignment = models.ForeignKey("organisations.Assignment", models.PROTECT, db_index=False, related_name="+")
    purpose = models.CharField(max_length=16, blank=True, default="")
    device_now = models.DateTimeField("по часам планшета")
    arrived_at = models.DateTimeField("дошёл", default=timezone.now)
    next_at = models.DateTimeField("не раньше", default=timezone.now)
    tries = models.PositiveSmallIntegerField(default=0)
    seal = models.UUIDField()
    point = models.BinaryField()
    nonce = models.BinaryField()
    text = models.BinaryField()

    objects = ArrivalQuerySet.as_manager()

    class Meta:
        verbose_name = "конверт, который ждёт"
        verbose_name_plural = "конверты, которые ждут"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "territory", "insurer"], name="arrival_comes_once", nulls_distinct=False
            )
        ]
        indexes = [models.Index(fields=["territory", "insurer", "arrived_at"], name="arrival_of_house")]

    def __str__(self) -> str:
        return str(self.key)

    @property
    def envelope(self) -> Envelope:
        return Envelope(self.key, self.seal, bytes(self.point), bytes(self.nonce), bytes(self.text))


class Record(models.Model):
    """Запись с поста. ``key`` was born on the tablet, so one that is sent twice is written once.

    ``at`` is the moment by the server's clock, ``device_at`` what the tablet showed. A record that could not be
    registered keeps what was typed in ``body`` and says why in ``trouble`` until somebody settles it.
    """

    key = models.UUIDField(primary_key=True, editable=False)
    territory = models.CharField(max_length=5)
    insurer = models.ForeignKey("organisations.Organisation", models.PROTECT, null=True, related_name="+")
    post = models.ForeignKey("organisations.Post", models.SET_NULL, null=True, related_name="+", verbose_name="пост")
    employee = models.ForeignKey("organisations.Employee", models.PROTECT, related_name="+", verbose_name="кто принял")
    at = models.DateTimeField("когда")
    device_at = models.DateTimeField("по часам планшета", null=True)
    received_at = models.DateTimeField("дошла", default=timezone.now)
    appeal = models.ForeignKey("appeals.Appeal", models.PROTECT, null=True, related_name="+", verbose_name="обращение")
    number = models.CharField("номер", max_length=40, blank=True, default="")
    trouble = models.CharField("почему не зарегистрирована", max_length=500, blank=True, default="")
    body = models.JSONField("что записано", default=dict, blank=True)
    settled_at = models.DateTimeField("разобрана", null=True)
    settled_by = models.ForeignKey("organisations.Employee", models.PROTECT, null=True, related_name="+")

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = "запись поста"
        verbose_name_plural = "записи постов"
        ordering = ["-at", "-key"]
        constraints = [
            models.CheckConstraint(
                condition=Q(appeal=None, trouble__gt="") | Q(appeal__isnull=False, trouble="", number__gt=""),
                name="record_is_registered_or_says_why",
            ),
            models.CheckConstraint(condition=Q(settled_at=None) | Q(body={}), name="record_settled_is_empty"),
        ]
        indexes = [
            models.Index(fields=["territory", "insurer", "-at", "-key"], name="record_latest"),
            models.Index(fields=["insurer"], name="record_in_trouble", condition=Q(appeal=None, settled_at=None)),
        ]

    def __str__(self) -> str:
        return self.number or str(self.key)


class Stop(models.Model):
    """Кабинет на пути: a step of a check-up and where in the building it is done. ``measures`` empty — of every one.

    Typed once for a building by the insurer whose post is there.
    """

    territory = models.CharField(max_length=5)
    insurer = models.ForeignKey("organisations.Organisation", models.PROTECT, null=True, related_name="+")
    site = models.ForeignKey("organisations.Site", models.PROTECT, related_name="+", verbose_name="корпус")
    place = models.PositiveSmallIntegerField("по порядку", default=1)
    title = models.CharField("что", max_length=120)
    room = models.CharField("кабинет", max_length=60)
    note = models.CharField("что нужно знать", max_length=200, blank=True, default="")
    measures = ArrayField(models.CharField(max_length=16), verbose_name="для каких осмотров", default=list, blank=True)

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = "кабинет на пути"
        verbose_name_plural = "кабинеты на пути"
        ordering = ["place", "pk"]
        indexes = [models.Index(fields=["site", "place", "id"], name="stop_of_site")]

    def __str__(self) -> str:
        return f"{self.title}: {self.room}"


class MemoState(models.TextChoices):
    WAITING = "waiting", "ждёт отправки"
    SENDING = "sending", "отправляется"
    SENT = "sent", "отправлена"
    FAILED = "failed", "не отправлена"


class Memo(models.Model):
    """Памятка, отправленная человеку: when, by which channel, what became of it. The text is made when it leaves."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    territory = models.CharField(max_length=5)
    insurer = models.ForeignKey("organisations.Organisation", models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey("insured.Person", models.PROTECT, related_name="+", verbose_name="кому")
    site = models.ForeignKey("organisations.Site", models.PROTECT, related_name="+", verbose_name="корпус")
    channel = models.CharField("как", max_length=8)
    state = models.CharField("состояние", max_length=8, choices=MemoState, default=MemoState.WAITING)
    why = models.CharField("почему", max_length=200, blank=True, default="")
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField("не раньше", default=timezone.now)
    asked_at = models.DateTimeField("когда", default=timezone.now)
    asked_by = models.ForeignKey("organisations.Employee", models.PROTECT, related_name="+", verbose_name="кто")

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = "отправленная памятка"
        verbose_name_plural = "отправленные памятки"
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(state=MemoState.FAILED) | ~Q(why=""), name="memo_fails_for_a_reason")
        ]
        indexes = [
            models.Index(fields=["person", "-asked_at"], name="memo_of_person"),
            models.Index(fields=["not_before"], name="memo_to_send", condition=Q(state__in=["waiting", "sending"])),
            models.Index(fields=["asked_at"], name="memo_to_forget"),
        ]

    def __str__(self) -> str:
        return f"памятка {self.pk}"
