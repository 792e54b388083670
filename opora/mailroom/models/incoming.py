"""A paper letter that came, its scans, and what was read off them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone

from opora.appeals.models import Appeal
from opora.audit.services import uuid7
from opora.mailroom.words import IncomingState, Numbered, ScanState, Way
from opora.organisations.models import Employee, Organisation, OwnAndBranches

if TYPE_CHECKING:
    from datetime import date


class Numbering(models.Model):
    """The last number an organisation has given in a year. The row is held until the commit, so no number is lost."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, db_index=False, related_name="+")
    what = models.CharField(max_length=6, choices=Numbered)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "нумерация канцелярии"
        verbose_name_plural = "нумерация канцелярии"
        constraints = [models.UniqueConstraint(fields=["organisation", "what", "year"], name="paper_numbering_once")]

    def __str__(self) -> str:
        return f"{self.what} {self.year}: {self.last}"


class IncomingQuerySet(OwnAndBranches):
    def new(self) -> Self:
        return self.filter(state=IncomingState.NEW)

    def came(self, day: date) -> Self:
        return self.filter(came_on=day)


class Incoming(models.Model):
    """Входящее письмо. Its number is of the organisation and the year, without gaps; the row is never deleted.

    ``outside_key`` is the sender's own number as it is compared. When ``forget_at`` has come people and texts go,
    the line of the book stays. ``draft`` is the intake that was opened with it. ``version`` guards lost updates.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    territory = models.CharField("территория", max_length=5)
    organisation = models.ForeignKey(Organisation, models.PROTECT, db_index=False, related_name="+")
    year = models.PositiveSmallIntegerField()
    sequence = models.PositiveIntegerField()
    number = models.CharField("входящий номер", max_length=40)
    registered_at = models.DateTimeField("зарегистрировано", default=timezone.now)
    registered_by = models.ForeignKey(Employee, models.PROTECT, db_index=False, related_name="+")
    came_on = models.DateField("пришло")
    way = models.CharField("как пришло", max_length=10, choices=Way, default=Way.POST)
    track = models.CharField("трек-номер", max_length=14, blank=True, default="")
    sender = models.CharField("от кого", max_length=300, blank=True, default="")
    sender_address = models.CharField("адрес отправителя", max_length=500, blank=True, default="")
    outside_number = models.CharField("номер отправителя", max_length=60, blank=True, default="")
    outside_key = models.CharField(max_length=60, blank=True, default="", editable=False)
    outside_on = models.DateField("дата отправителя", null=True)
    sheets = models.PositiveSmallIntegerField("листов", default=1)
    about = models.CharField("о чём", max_length=500, blank=True, default="")
    state = models.CharField("состояние", max_length=8, choices=IncomingState, default=IncomingState.NEW)
    appeal = models.ForeignKey(Appeal, models.PROTECT, null=True, related_name="+", verbose_name="обращение")
    draft = models.UUIDField("черновик обращения", null=True)
    filed_why = models.CharField("почему без обращения", max_length=300, blank=True, default="")
    forget_at = models.DateTimeField("хранить до")
    forgotten_at = models.DateTimeField("стёрто", null=True)
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    objects = IncomingQuerySet.as_manager()

    class Meta:
        verbose_name = "входящее письмо"
        verbose_name_plural = "входящие письма"
        constraints = [
            models.UniqueConstraint(fields=["organisation", "year", "sequence"], name="incoming_sequence_once"),
            models.UniqueConstraint(fields=["organisation", "number"], name="incoming_number_once"),
            models.CheckConstraint(
                condition=Q(forgotten_at=None, sender__gt="") | Q(forgotten_at__isnull=False, sender=""),
                name="incoming_has_a_sender_until_forgotten",
            ),
            models.CheckConstraint(
                condition=~Q(state=IncomingState.LINKED) | Q(appeal__isnull=False), name="incoming_linked_to_an_appeal"
            ),
            models.CheckConstraint(
                condition=~Q(state=IncomingState.FILED) | ~Q(filed_why="") | Q(forgotten_at__isnull=False),
                name="incoming_filed_with_a_reason",
            ),
            models.CheckConstraint(condition=Q(sheets__gte=1), name="incoming_has_sheets"),
        ]
        indexes = [
            models.Index(fields=["organisation", "-registered_at", "-id"], name="incoming_latest"),
            models.Index(fields=["organisation", "came_on"], name="incoming_of_day"),
            models.Index(
                fields=["organisation", "registered_at"], name="incoming_new", condition=Q(state=IncomingState.NEW)
            ),
            models.Index(
                fields=["organisation", "outside_key"], name="incoming_by_outside", condition=~Q(outside_key="")
            ),
            models.Index(fields=["draft"], name="incoming_by_draft", condition=Q(draft__isnull=False)),
            models.Index(fields=["forget_at"], name="incoming_to_forget", condition=Q(forgotten_at=None)),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_new(self) -> bool:
        return self.state == IncomingState.NEW


class OfIncomingQuerySet(models.QuerySet):
    """Rows that are seen with their letter."""

    def accessible_to(self, employee: Employee) -> Self:
        return self.filter(incoming__in=Incoming.objects.accessible_to(employee))


class Scan(models.Model):
    """Скан: a file whose bytes lie in ``appeals.store``. ``pages`` None — nobody could count them.

    ``since`` is when a worker began to read it; one that did not come back is read again, no more than thrice.
    """

    incoming = models.ForeignKey(Incoming, models.PROTECT, related_name="scans")
    organisation = models.ForeignKey(Organisation, models.PROTECT, db_index=False, related_name="+")
    name = models.CharField("имя", max_length=255)
    media_type = models.CharField("вид", max_length=100)
    size = models.PositiveIntegerField("размер, байт")
    sha256 = models.CharField(max_length=64)
    pages = models.PositiveIntegerField("страниц", null=True)
    state = models.CharField("состояние", max_length=8, choices=ScanState, default=ScanState.WAITING)
    why = models.CharField("почему не прочитано", max_length=300, blank=True, default="")
    attempts = models.PositiveSmallIntegerField(default=0)
    since = models.DateTimeField(null=True)
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey(Employee, models.PROTECT, db_index=False, related_name="+")

    objects: models.Manager[Scan] = OfIncomingQuerySet.as_manager()

    class Meta:
        verbose_name = "скан"
        verbose_name_plural = "сканы"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["incoming", "sha256"], name="scan_once"),
            models.CheckConstraint(condition=~Q(state=ScanState.UNREAD) | ~Q(why=""), name="scan_unread_says_why"),
        ]
        indexes = [
            models.Index(fields=["added_at"], name="scan_to_read", condition=Q(state__in=["waiting", "reading"]))
        ]

    def __str__(self) -> str:
        return f"скан {self.pk}"

    @property
    def is_pending(self) -> bool:
        return self.state in {ScanState.WAITING, ScanState.READING}


class Page(models.Model):
    """A page of a scan: a small picture for the screen and what a machine has read. Nothing is decided by the text."""

    scan = models.ForeignKey(Scan, models.CASCADE, related_name="read")
    number = models.PositiveSmallIntegerField("страница")
    text = models.TextField("распознанный текст", blank=True, default="")
    picture = models.CharField("картинка", max_length=64, blank=True, default="")

    class Meta:
        verbose_name = "страница скана"
        verbose_name_plural = "страницы сканов"
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["scan", "number"], name="page_once")]

    def __str__(self) -> str:
        return f"страница {self.number}"


class Words(models.Model):
    """Keyed hashes of the words of a letter, as those of appeals (decision 0007): opaque, so without row security.

    What they find is read again among the letters one may see.
    """

    incoming = models.OneToOneField(Incoming, models.CASCADE, primary_key=True, related_name="+")
    organisation_id = models.BigIntegerField()
    words = ArrayField(models.BigIntegerField(), default=list)

    class Meta:
        verbose_name = "слова писем"
        verbose_name_plural = "слова писем"
        indexes = [GinIndex(fields=["words"], name="words_of_letters")]

    def __str__(self) -> str:
        return f"слова {self.incoming_id}"
