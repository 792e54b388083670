"""What an employee asked the exchange to do (docs/decisions/0019-commands-by-a-table.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone

from opora.audit.services import uuid7
from opora.organisations.models import Employee, Organisation
from opora.telephony.models.call import Call
from opora.telephony.models.line import OwnQuerySet
from opora.telephony.words import Act, Answer

if TYPE_CHECKING:
    from typing import ClassVar


class CommandQuerySet(OwnQuerySet):
    def waiting(self) -> CommandQuerySet:
        return self.filter(answer__in=[Answer.WAITING, Answer.TAKEN])


class Command(models.Model):
    """A command to an exchange: carried out once by the process that hears it, or never when its term is over.

    target  whom to ring: an extension, a line, a citizen's number; wiped with the answer
    word    transfer: «warm»; state: what she does, a code of ``Break`` or of ``AgentState``
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    organisation = models.ForeignKey(Organisation, models.PROTECT, db_index=False, related_name="+")
    employee = models.ForeignKey(Employee, models.PROTECT, related_name="+", verbose_name="кто просит")
    pbx = models.CharField("АТС", max_length=40)
    extension = models.CharField("добавочный", max_length=20)
    act = models.CharField("что сделать", max_length=8, choices=Act)
    call = models.ForeignKey(Call, models.CASCADE, null=True, related_name="+", verbose_name="звонок")
    target = models.CharField("кому", max_length=40, blank=True, default="")
    word = models.CharField("как", max_length=8, blank=True, default="")
    reference = models.CharField("по какому поводу", max_length=64, blank=True, default="")
    answer = models.CharField("что вышло", max_length=7, choices=Answer, default=Answer.WAITING)
    sentence = models.CharField("словами", max_length=200, blank=True, default="")
    asked_at = models.DateTimeField("попросили", default=timezone.now)
    expires_at = models.DateTimeField("выполнить до")
    done_at = models.DateTimeField("ответ", null=True)

    objects = CommandQuerySet.as_manager()

    class Meta:
        verbose_name = "команда АТС"
        verbose_name_plural = "команды АТС"
        ordering = ["asked_at", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(answer__in=["waiting", "taken"], done_at=None)
                | ~Q(answer__in=["waiting", "taken"]) & Q(done_at__isnull=False, target=""),
                name="command_forgets_whom",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["pbx", "asked_at"], condition=Q(answer="waiting"), name="command_waiting"),
            models.Index(fields=["asked_at"], name="command_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.extension}"
