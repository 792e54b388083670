"""What an exchange told, and the call that follows from it (docs/decisions/0017-a-call-is-a-fold.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from opora.organisations.models import Employee, Organisation
from opora.shared.triggers import never_emptied
from opora.telephony.models.line import Line
from opora.telephony.words import Direction, Now, Result

if TYPE_CHECKING:
    from typing import ClassVar

    from opora.telephony.models.agent import Agent


BUT_NUMBERS = """
IF TG_OP = 'UPDATE' THEN
  IF OLD.at < now() - interval '30 days' AND NEW.caller = ''
     AND to_jsonb(NEW) - 'caller' = to_jsonb(OLD) - 'caller' THEN
    RETURN NEW;
  END IF;
END IF;
RAISE EXCEPTION 'append-only: Cannot update or delete rows from % table', TG_TABLE_NAME;
"""


class CallEvent(models.Model):
    """One fact as it was told; ``kind`` is ``ports.Kind``. Append-only, partitioned by month of ``at``: nothing of it
    changes but that its number may be forgotten, a month after at the earliest.

    ``taken_at`` is our clock, ``at`` the exchange's. ``caller`` is a citizen's number:
    pages show calls, never this.
    """

    pk = models.CompositePrimaryKey("at", "pbx", "key")
    at = models.DateTimeField("когда")
    pbx = models.CharField("АТС", max_length=40)
    key = models.CharField("ключ факта", max_length=200)
    call = models.CharField("звонок", max_length=64)
    kind = models.CharField("что", max_length=12)
    line = models.CharField("линия", max_length=40, blank=True, default="")
    caller = models.CharField("номер", max_length=20, blank=True, default="")
    agent = models.CharField("добавочный", max_length=20, blank=True, default="")
    data = models.JSONField("остальное", default=dict)
    taken_at = models.DateTimeField("принято", default=timezone.now)

    class Meta:
        verbose_name = "событие звонка"
        verbose_name_plural = "события звонков"
        triggers = [
            pgtrigger.Trigger(
                name="append_only",
                operation=pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                func=BUT_NUMBERS,
            ),
            never_emptied(),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["pbx", "call", "at"], name="event_of_call")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.kind}"


class Known(models.Model):
    """A key that was told already: decides that a fact is taken once, whatever month it claims. Kept 90 days."""

    pk = models.CompositePrimaryKey("pbx", "key")
    pbx = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    taken_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "принятый ключ"
        verbose_name_plural = "принятые ключи"
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["taken_at"], name="known_by_age")]

    def __str__(self) -> str:
        return self.key


class CallQuerySet(models.QuerySet["Call"]):
    def accessible_to(self, employee: Employee) -> Self:
        """Calls of her organisation's lines, and calls of a neighbour's line that her organisation served."""
        scope = employee.scope
        if scope.sees == "all":
            return self
        return self.filter(Q(organisation=scope.organisation) | Q(served=scope.organisation))

    def live(self) -> Self:
        return self.exclude(now=Now.ENDED)

    def ringing_at(self, extensions: list[str]) -> Self:
        return self.live().filter(ringing__overlap=extensions)

    def at(self, agent: Agent) -> Self:
        """Live calls that ring at her extension, that she talks in, or in which a colleague asks her."""
        here = Q(ringing__contains=[agent.extension]) | Q(aside=agent.extension)
        here |= Q(now__in=[Now.TALKING, Now.HELD], extension=agent.extension)
        return self.live().filter(here, pbx=agent.pbx)


class Call(models.Model):
    """Звонок: the fold of its events, written by ``services.take_in`` alone. Moments are the exchange's.

    ``caller`` — digits with the country code (``79000000001``), «» when hidden. ``waited``, ``talked``, ``held`` are
    seconds. ``is_lost`` — he was answered, then waited anew and hung up. ``aside`` is the extension of a colleague who
    is asked while the citizen waits.
    ``served`` is the organisation whose employee answered; ``organisation`` the one whose line it is.
    """

    pbx = models.CharField("АТС", max_length=40)
    call = models.CharField("номер на АТС", max_length=64)
    line = models.ForeignKey(Line, models.PROTECT, null=True, related_name="+", verbose_name="линия")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, db_index=False, related_name="+")
    served = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", verbose_name="кто обслужил")
    direction = models.CharField("направление", max_length=3, choices=Direction, default=Direction.IN)
    caller = models.CharField("номер", max_length=20, blank=True, default="")
    began_at = models.DateTimeField("начался")
    answered_at = models.DateTimeField("ответили", null=True)
    ended_at = models.DateTimeField("закончился", null=True)
    now = models.CharField("сейчас", max_length=8, choices=Now)
    result = models.CharField("итог", max_length=10, choices=Result, blank=True, default="")
    ringing = ArrayField(models.CharField(max_length=20), default=list, verbose_name="у кого звонит")
    extension = models.CharField("добавочный", max_length=20, blank=True, default="")
    aside = models.CharField("с кем советуются", max_length=20, blank=True, default="")
    employee = models.ForeignKey(Employee, models.PROTECT, null=True, related_name="+", verbose_name="кто говорил")
    waited = models.PositiveIntegerField("ждал", default=0)
    talked = models.PositiveIntegerField("говорили", default=0)
    held = models.PositiveIntegerField("на удержании", default=0)
    transfers = models.PositiveSmallIntegerField("переводов", default=0)
    recording = models.CharField("запись", max_length=300, blank=True, default="")
    voice = models.CharField("голосовое сообщение", max_length=300, blank=True, default="")
    score = models.PositiveSmallIntegerField("оценка", null=True)
    reference = models.CharField("по какому поводу", max_length=64, blank=True, default="")
    is_lost = models.BooleanField("после ответа остался один", default=False)

    objects = CallQuerySet.as_manager()

    class Meta:
        verbose_name = "звонок"
        verbose_name_plural = "звонки"
        ordering = ["-began_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["pbx", "call"], name="call_once"),
            models.CheckConstraint(
                condition=Q(now=Now.ENDED, ended_at__isnull=False) & ~Q(result="")
                | ~Q(now=Now.ENDED) & Q(ended_at=None, result=""),
                name="call_ends_with_result",
            ),
            models.CheckConstraint(condition=Q(score=None) | Q(score__range=(1, 5)), name="call_score_is_a_key"),
        ]
        indexes = [
            models.Index(fields=["organisation", "-began_at"], name="call_of_organisation"),
            models.Index(fields=["employee", "-began_at"], name="call_of_employee"),
            models.Index(fields=["caller", "-began_at"], condition=~Q(caller=""), name="call_of_number"),
            models.Index(fields=["pbx", "began_at"], condition=~Q(now="ended"), name="call_live"),
        ]

    def __str__(self) -> str:
        return f"{self.began_at:%Y-%m-%d %H:%M} {self.now}"

    @property
    def code(self) -> str:
        """What drafts and appeals carry of a call.

        >>> Call(pk=7).code
        'call-7'
        """
        return f"call-{self.pk}"


class PopUp(models.Model):
    """That a call was shown to an employee: once, however many windows she has."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="+", db_index=False)
    employee = models.ForeignKey(Employee, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, db_index=False, related_name="+")
    shown_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "показанный звонок"
        verbose_name_plural = "показанные звонки"
        constraints = [models.UniqueConstraint(fields=["call", "employee"], name="popup_once")]

    def __str__(self) -> str:
        return f"{self.call_id}"
