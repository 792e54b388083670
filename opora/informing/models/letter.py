"""A print run and its letters: what is on paper, where it is, what came back."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from opora.informing.letters.envelopes import Envelope
from opora.informing.letters.numbers import number_of, shown
from opora.informing.letters.words import HOLDS, ItemState, ReturnedFor, RunState, Why
from opora.organisations.models import Organisation
from opora.organisations.models.scoped import ScopedQuerySet

if TYPE_CHECKING:
    from opora.organisations.models import Employee


class PrintRun(models.Model):
    """Тираж: letters of one insurer that are printed and handed to the post together.

    ``drawn`` letters are in it, ``refused`` did not get in; ``written`` of them lie on paper already. Weights in grams,
    ``price`` of one letter in roubles. ``beat_at`` is the last sign of life of the work in the background.
    """

    territory = models.CharField("территория", max_length=5)
    insurer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="от кого")
    provider = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", db_index=False)
    state = models.CharField("состояние", max_length=9, choices=RunState, default=RunState.DRAWING)
    most = models.PositiveIntegerField("не больше писем")
    envelope = models.CharField("конверт", max_length=2, choices=Envelope, default=Envelope.DL)
    is_duplex = models.BooleanField("печать с двух сторон", default=False)
    price = models.DecimalField("цена письма, ₽", max_digits=8, decimal_places=2, default=0)
    sheet_grams = models.DecimalField("вес листа, г", max_digits=4, decimal_places=1, default=Decimal(5))
    envelope_grams = models.DecimalField("вес конверта, г", max_digits=4, decimal_places=1, default=Decimal(5))
    drawn = models.PositiveIntegerField("писем", default=0)
    refused = models.PositiveIntegerField("не вошло", default=0)
    written = models.PositiveIntegerField("записано", default=0)
    parts = models.PositiveSmallIntegerField("файлов", default=0)
    sheets = models.PositiveIntegerField("листов", default=0)
    dropped = models.PositiveIntegerField("вынуто", default=0)
    is_register_stale = models.BooleanField("реестр переписывается", default=False, db_default=False)
    returned = models.PositiveIntegerField("вернулось", default=0)
    is_collected = models.BooleanField("собран", default=False)
    has_files = models.BooleanField("файлы лежат", default=False)
    made_at = models.DateTimeField("составлен", default=timezone.now)
    beat_at = models.DateTimeField(default=timezone.now)
    ready_at = models.DateTimeField("готов", null=True)
    printed_at = models.DateTimeField("напечатан", null=True)
    posted_at = models.DateTimeField("отмечен сданным", null=True)
    posted_on = models.DateField("сдан на почту", null=True)
    cancelled_at = models.DateTimeField("отменён", null=True)
    why = models.CharField("почему отменён", max_length=300, blank=True, default="")
    by = models.ForeignKey("organisations.Employee", models.PROTECT, null=True, related_name="+")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "тираж писем"
        verbose_name_plural = "тиражи писем"
        indexes = [
            models.Index(fields=["insurer", "-id"], name="printrun_of_insurer"),
            models.Index(fields=["territory", "-id"], name="printrun_of_territory"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=RunState.POSTED) | Q(posted_on__isnull=False), name="printrun_posted_has_date"
            ),
            models.CheckConstraint(condition=Q(price__gte=0), name="printrun_price_is_a_price"),
        ]

    def __str__(self) -> str:
        return f"тираж {self.pk}"

    @property
    def marker(self) -> str:
        """What stands in ``Touch.claimed_by`` of the touches it holds."""
        return f"run:{self.pk}"

    @property
    def cost(self) -> Decimal:
        return self.price * (self.drawn - self.dropped)


class LetterItemQuerySet(models.QuerySet):
    def accessible_to(self, employee: Employee) -> Self:
        return self.filter(run__in=PrintRun.objects.accessible_to(employee).values("pk"))


class LetterItem(models.Model):
    """Письмо тиража, as it was on the day it was drawn up: whom, where, what. Its touch is (``year``, ``touch_id``).

    ``contact`` is the address as the register wrote it; a return marks that contact while it still reads the same.
    """

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(PrintRun, models.PROTECT, related_name="items", db_index=False, verbose_name="тираж")
    place = models.PositiveIntegerField("по порядку", default=0)
    year = models.PositiveSmallIntegerField()
    touch_id = models.BigIntegerField()
    campaign_id = models.BigIntegerField()
    person_id = models.BigIntegerField("кто")
    contact_id = models.BigIntegerField(null=True)
    contact = models.CharField(max_length=500, blank=True, default="")
    template_id = models.BigIntegerField(null=True)
    addressee = models.CharField("кому", max_length=310, blank=True, default="")
    postcode = models.CharField("индекс", max_length=6, blank=True, default="")
    address = models.CharField("адрес", max_length=500, blank=True, default="")
    subject = models.CharField("тема", max_length=300, blank=True, default="")
    text = models.TextField("текст", blank=True, default="")
    sheets = models.PositiveSmallIntegerField("листов", default=0)
    state = models.CharField("состояние", max_length=8, choices=ItemState, default=ItemState.READY)
    refused_for = models.CharField("почему не вошло", max_length=13, choices=Why, blank=True, default="")
    returned_for = models.CharField("почему вернулось", max_length=13, choices=ReturnedFor, blank=True, default="")
    returned_at = models.DateTimeField("вернулось", null=True)
    returned_by = models.ForeignKey(
        "organisations.Employee", models.PROTECT, null=True, related_name="+", db_index=False
    )

    objects = LetterItemQuerySet.as_manager()

    class Meta:
        verbose_name = "письмо тиража"
        verbose_name_plural = "письма тиражей"
        constraints = [
            models.UniqueConstraint(
                fields=["year", "touch_id"], condition=Q(state__in=HOLDS), name="letter_holds_touch_once"
            ),
            models.CheckConstraint(
                condition=~Q(state=ItemState.RETURNED) | ~Q(returned_for=""), name="letter_returned_has_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["run", "place", "id"], name="letter_in_order"),
            models.Index(fields=["run", "state", "id"], name="letter_by_state"),
            models.Index(fields=["returned_by", "-returned_at"], condition=Q(state="returned"), name="letter_returns"),
        ]

    def __str__(self) -> str:
        return f"письмо {self.pk}"

    @property
    def number(self) -> str:
        return number_of(self.pk)

    @property
    def shown(self) -> str:
        return shown(self.number)

    @property
    def grams(self) -> Decimal:
        return self.run.envelope_grams + self.sheets * self.run.sheet_grams
