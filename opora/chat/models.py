"""Places of the chat, talks and their lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from opora.appeals.models import Appeal
from opora.audit.services import uuid7
from opora.chat.words import Author, Ending, Kind, Level, State
from opora.organisations.models import Employee, Organisation, OwnAndBranches
from opora.shared.triggers import kept_until

if TYPE_CHECKING:
    pass


class TalkQuerySet(OwnAndBranches):
    def waiting(self) -> Self:
        return self.filter(state=State.WAITING)


class Place(models.Model):
    """Чат организации. ``origins`` are the sites whose pages may open it, ``scheme://host[:port]``, nothing more.

    Hours are those of the organisation unless round the clock.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="чей чат")
    slug = models.SlugField("адрес", max_length=40, unique=True)
    name = models.CharField("название", max_length=100)
    greeting = models.CharField("приветствие", max_length=500, blank=True, default="")
    away = models.CharField("что сказать вне часов", max_length=500, blank=True, default="")
    origins = ArrayField(models.CharField(max_length=200), verbose_name="сайты", default=list, blank=True)
    is_round_the_clock = models.BooleanField("отвечают круглосуточно", default=False)
    is_active = models.BooleanField("работает", default=True)
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    objects = OwnAndBranches.as_manager()

    class Meta:
        verbose_name = "чат"
        verbose_name_plural = "чаты"
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class Talk(models.Model):
    """Разговор. ``key_hash`` is of the key his browser keeps; ``address_mark`` a keyed hash of where he came from.

    ``last`` is the number of the newest line, the two ``…_read`` how far each side has read. State, owner and
    ``waiting_since`` are a fold that services write. ``forget_at`` is when it may be erased with its lines.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, db_index=False, related_name="+")
    place = models.ForeignKey(Place, models.PROTECT, related_name="talks")
    key_hash = models.CharField(max_length=64, db_collation="C", editable=False)
    address_mark = models.CharField(max_length=32, db_collation="C", editable=False)
    name = models.CharField("как назвался", max_length=100, blank=True, default="")
    phone = models.CharField("телефон", max_length=20, blank=True, default="")
    state = models.CharField("состояние", max_length=8, choices=State, default=State.WAITING)
    level = models.CharField("уровень", max_length=1, choices=Level, default=Level.FIRST)
    owner = models.ForeignKey(Employee, models.PROTECT, null=True, db_index=False, related_name="+")
    opened_at = models.DateTimeField("начат", default=timezone.now)
    waiting_since = models.DateTimeField("ждёт с", null=True)
    taken_at = models.DateTimeField("взят", null=True)
    first_taken_at = models.DateTimeField("впервые взят", null=True)
    last_at = models.DateTimeField("последняя строка", default=timezone.now)
    seen_at = models.DateTimeField("гражданин на связи", default=timezone.now)
    last = models.PositiveIntegerField("строк", default=0)
    citizen_read = models.PositiveIntegerField(default=0)
    employee_read = models.PositiveIntegerField(default=0)
    topic_code = models.CharField("тема", max_length=14, blank=True, default="")
    card = models.CharField("карточка ответа", max_length=60, blank=True, default="")
    draft = models.UUIDField("черновик обращения", null=True)
    appeal = models.ForeignKey(Appeal, models.PROTECT, null=True, related_name="+", verbose_name="обращение")
    ending = models.CharField("чем закончился", max_length=9, choices=Ending, blank=True, default="")
    closed_at = models.DateTimeField("закончен", null=True)
    closed_why = models.CharField("почему", max_length=300, blank=True, default="")
    forget_at = models.DateTimeField("забыть", null=True)

    objects = TalkQuerySet.as_manager()

    class Meta:
        verbose_name = "разговор"
        verbose_name_plural = "разговоры"
        constraints = [
            models.UniqueConstraint(fields=["key_hash"], name="talk_key_once"),
            models.CheckConstraint(
                condition=~Q(state=State.WAITING) | Q(waiting_since__isnull=False), name="talk_waits_since_a_moment"
            ),
            models.CheckConstraint(condition=~Q(state=State.TAKEN) | Q(owner__isnull=False), name="talk_taken_by"),
            models.CheckConstraint(
                condition=~Q(state=State.CLOSED) | Q(closed_at__isnull=False, forget_at__isnull=False) & ~Q(ending=""),
                name="talk_closed_somehow",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "level", "waiting_since"], condition=Q(state="waiting"), name="talk_queue"
            ),
            models.Index(fields=["owner", "taken_at"], condition=Q(state="taken"), name="talk_of_employee"),
            models.Index(fields=["organisation", "-closed_at"], condition=Q(state="closed"), name="talk_past"),
            models.Index(fields=["address_mark", "opened_at"], name="talk_by_address"),
            models.Index(fields=["draft"], condition=Q(draft__isnull=False), name="talk_by_draft"),
            models.Index(fields=["forget_at"], condition=Q(forget_at__isnull=False), name="talk_to_forget"),
        ]

    def __str__(self) -> str:
        return f"разговор {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state != State.CLOSED


class OfTalkQuerySet(models.QuerySet):
    def accessible_to(self, employee: Employee) -> Self:
        return self.filter(talk__in=Talk.objects.accessible_to(employee))

    def for_citizen(self) -> Self:
        """Without notes of employees to one another."""
        return self.exclude(kind=Kind.NOTE)


class Line(models.Model):
    """Строка. Append-only; ``number`` has no gaps within a talk and follows the order of commits, for it is given
    under the lock of the talk. ``client_id`` is made by who writes: the same one again is the same line."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, db_index=False, related_name="+")
    talk = models.ForeignKey(Talk, models.PROTECT, db_index=False, related_name="lines")
    number = models.PositiveIntegerField()
    client_id = models.UUIDField()
    author = models.CharField("кто", max_length=8, choices=Author)
    kind = models.CharField("что", max_length=5, choices=Kind, default=Kind.SAID)
    by = models.ForeignKey(Employee, models.PROTECT, null=True, db_index=False, related_name="+")
    text = models.TextField("текст", blank=True, default="")
    at = models.DateTimeField("когда", default=timezone.now)

    objects = OfTalkQuerySet.as_manager()

    class Meta:
        verbose_name = "строка"
        verbose_name_plural = "строки"
        ordering = ["number"]
        triggers = kept_until("chat_talk", "talk_id")
        constraints = [
            models.UniqueConstraint(fields=["talk", "number"], name="line_number_once"),
            models.UniqueConstraint(fields=["talk", "client_id"], name="line_once"),
        ]

    def __str__(self) -> str:
        return f"строка {self.number}"


class LineFile(models.Model):
    """A file of a line. Its bytes lie in ``appeals.store`` under ``sha256``."""

    line = models.ForeignKey(Line, models.CASCADE, related_name="files")
    name = models.CharField("имя", max_length=255)
    media_type = models.CharField("вид", max_length=100)
    size = models.PositiveIntegerField("размер, байт")
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = "файл строки"
        verbose_name_plural = "файлы строк"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"файл {self.pk}"
