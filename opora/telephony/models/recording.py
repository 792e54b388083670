"""Voices: what an exchange recorded, fetched, sealed and, when its time is over, forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from opora.audit.services import uuid7
from opora.organisations.models import Employee, Organisation
from opora.telephony.models.call import Call
from opora.telephony.words import Kept, Tape, TapeState

if TYPE_CHECKING:
    from django.db.models import QuerySet


class RecordingQuerySet(models.QuerySet["Recording"]):
    def accessible_to(self, employee: Employee) -> Self:
        """Voices of her organisation's calls. A representative hears her own talks and those of lower levels;
        a message to the secretary was said to everybody who calls back."""
        scope = employee.scope
        if scope.sees == "all":
            return self
        place = Q(organisation=scope.organisation) | Q(served=scope.organisation)
        if scope.level is None:
            return self.filter(place)
        own = Q(employee=employee) | Q(level__lt=scope.level) | Q(kind=Tape.VOICE)
        return self.filter(place & own)

    def due(self) -> Self:
        """To be fetched now."""
        return self.filter(state=TapeState.WAITING, next_at__lte=timezone.now())


class Recording(models.Model):
    """Запись: one file of an exchange. It lies sealed under ``id`` in the data folder (``opora.telephony.tapes``).

    ``key`` opens the file and is itself sealed; without it the file says nothing. ``level`` is that of who talked, at
    the day of the talk. ``seconds``, ``size`` (bytes), ``sha256``, ``media`` are of the open file. ``fault`` says why
    it was not got. ``gone_at`` — erased on the exchange.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    call = models.ForeignKey(Call, models.PROTECT, related_name="recordings", verbose_name="звонок")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, db_index=False, related_name="+")
    served = models.ForeignKey(Organisation, models.PROTECT, null=True, db_index=False, related_name="+")
    employee = models.ForeignKey(Employee, models.PROTECT, null=True, db_index=False, related_name="+")
    level = models.PositiveSmallIntegerField("уровень говорившего", null=True)
    kind = models.CharField("что", max_length=5, choices=Tape)
    pbx = models.CharField("АТС", max_length=40)
    file = models.CharField("файл на АТС", max_length=300)
    state = models.CharField("состояние", max_length=7, choices=TapeState, default=TapeState.WAITING)
    attempts = models.PositiveSmallIntegerField("попыток", default=0)
    next_at = models.DateTimeField("взять не раньше", default=timezone.now)
    fault = models.CharField("почему не получена", max_length=200, blank=True, default="")
    key = models.TextField(blank=True, default="", editable=False)
    media = models.CharField(max_length=40, blank=True, default="")
    size = models.PositiveIntegerField("байт", default=0)
    seconds = models.PositiveIntegerField("длина", default=0)
    sha256 = models.CharField(max_length=64, blank=True, default="")
    named_at = models.DateTimeField("АТС назвала", default=timezone.now)
    kept_at = models.DateTimeField("получена", null=True)
    forget_on = models.DateField("хранить до", null=True)
    erased_at = models.DateTimeField("стёрта", null=True)
    gone_at = models.DateTimeField("стёрта на АТС", null=True)

    objects = RecordingQuerySet.as_manager()

    class Meta:
        verbose_name = "запись разговора"
        verbose_name_plural = "записи разговоров"
        ordering = ["named_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["pbx", "file"], name="recording_once"),
            models.CheckConstraint(
                condition=Q(state="kept", kept_at__isnull=False) & ~Q(key="") | ~Q(state="kept") & Q(key=""),
                name="recording_kept_has_key",
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(state="waiting"), name="recording_to_fetch"),
            models.Index(fields=["forget_on"], condition=Q(state="kept"), name="recording_to_forget"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.named_at:%Y-%m-%d %H:%M}"


class KeepingQuerySet(models.QuerySet["Keeping"]):
    def accessible_to(self, employee: Employee) -> QuerySet[Keeping]:
        scope = employee.scope
        return self if scope.sees == "all" else self.filter(Q(organisation=None) | Q(organisation=scope.organisation))

    def in_force(self) -> Self:
        """The latest of each organisation and kind."""
        return self.order_by("organisation", "kind", "-set_at", "-pk").distinct("organisation", "kind")


class Keeping(models.Model):
    """How many days voices of a kind, or numbers of callers, are kept.

    ``organisation`` None — for everybody who has said nothing else.

    Never changed: a new row replaces the former one. ``source`` says where the term comes from, «[own]» — nowhere yet.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    kind = models.CharField("что", max_length=5, choices=Kept)
    days = models.PositiveIntegerField("дней")
    source = models.CharField("откуда срок", max_length=300)
    set_at = models.DateTimeField("с", default=timezone.now)
    set_by = models.ForeignKey(Employee, models.PROTECT, null=True, db_index=False, related_name="+")

    objects = KeepingQuerySet.as_manager()

    class Meta:
        verbose_name = "срок хранения"
        verbose_name_plural = "сроки хранения"
        ordering = [F("organisation").asc(nulls_first=True), "kind", "-set_at"]
        constraints = [models.CheckConstraint(condition=Q(days__range=(1, 3660)), name="keeping_is_some_days")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.days}"
