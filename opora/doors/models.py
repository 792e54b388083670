"""Doors, what is written through them, and what became of our answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone

from opora.appeals.models import Appeal
from opora.audit.services import uuid7
from opora.channels import sealing
from opora.channels.models import Provider
from opora.doors.flood_models import FloodDecision
from opora.doors.words import CHANNELS, Direction, Fate, Kind, MessageKind, Rule, State
from opora.insured.models import Person
from opora.organisations.models import Employee, Organisation, OwnAndBranches
from opora.shared.triggers import never_emptied

if TYPE_CHECKING:
    pass

_UNFINISHED = Q(state__in=["waiting", "taken"])


class DoorQuerySet(OwnAndBranches):
    def active(self) -> Self:
        return self.filter(is_active=True)


class Door(models.Model):
    """Дверь: a mailbox, a site, a messenger of one organisation. ``rule`` says what becomes of a message.

    ``settings`` are those of its kind, passwords lie sealed in ``secrets``; ``progress`` is how far its machine has
    read. ``provider`` carries answers of a mailbox. ``topic`` and ``appeal_kind`` are what is registered at once.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="организация")
    kind = models.CharField("вид", max_length=10, choices=Kind)
    slug = models.SlugField("короткое имя", max_length=40)
    title = models.CharField("название", max_length=200)
    address = models.CharField("адрес", max_length=254, blank=True, default="")
    rule = models.CharField("что становится из сообщения", max_length=8, choices=Rule, default=Rule.CONTACT)
    appeal_kind = models.CharField("вид обращения", max_length=12, blank=True, default="")
    topic = models.CharField("тема", max_length=14, blank=True, default="")
    greeting = models.TextField("автоответ", blank=True, default="")
    provider = models.ForeignKey(Provider, models.PROTECT, null=True, blank=True, db_index=False, related_name="+")
    settings = models.JSONField("настройки", default=dict, blank=True)
    secrets = models.TextField(blank=True, default="", editable=False)
    progress = models.JSONField("прочитано до", default=dict, blank=True, editable=False)
    looked_at = models.DateTimeField("заглядывали", null=True, editable=False)
    trouble = models.CharField("что не так", max_length=300, blank=True, default="", editable=False)
    is_active = models.BooleanField("открыта", default=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = DoorQuerySet.as_manager()

    class Meta:
        verbose_name = "дверь"
        verbose_name_plural = "двери"
        ordering = ["title", "pk"]
        constraints = [models.UniqueConstraint(fields=["organisation", "slug"], name="door_slug_once")]

    def __str__(self) -> str:
        return self.title

    @property
    def channel(self) -> str:
        """How the journal calls this way."""
        return str(CHANNELS[self.kind])

    def keep_secrets(self, secrets: dict[str, str]) -> None:
        """Add or replace passwords; the row is not saved here."""
        try:
            kept = sealing.unseal(self.secrets)
        except sealing.SecretUnreadable:
            kept = {}
        self.secrets = sealing.seal(kept | secrets)

    def secret(self, name: str) -> str:
        """Return an opened password, «» if there is none. Raises SecretUnreadable."""
        return sealing.unseal(self.secrets).get(name, "")


class Thread(models.Model):
    """Переписка: one citizen's words through one door and our answers. Opened by a message, never by a subject line.

    ``key`` is the number of the conversation where the platform keeps conversations, else empty. ``state`` with
    ``waiting_since`` is a fold, services write it. ``forget_at`` is when it may be erased with all its messages.
    ``is_applicants`` says that whoever writes speaks for the applicant of the appeal: answers leave to him alone.
    ``is_flood`` marks what came over the limit of an hour (``rules.FLOODS``), until somebody does something with it;
    ``flood_decision`` is the one that was made for all of them, until somebody does something with this one.
    ``version`` guards against lost updates and grows with each message.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    territory = models.CharField("территория", max_length=5)
    organisation = models.ForeignKey(Organisation, models.PROTECT, db_index=False, related_name="+")
    door = models.ForeignKey(Door, models.PROTECT, db_index=False, related_name="threads")
    key = models.CharField(max_length=200, blank=True, default="", db_collation="C")
    correspondent = models.CharField("кто пишет", max_length=254)
    name = models.CharField("как назвался", max_length=200, blank=True, default="")
    subject = models.CharField("тема", max_length=300, blank=True, default="")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name="застрахованный")
    is_identified = models.BooleanField("личность подтверждена дверью", default=False)
    appeal = models.ForeignKey(Appeal, models.PROTECT, null=True, related_name="+", verbose_name="обращение")
    is_applicants = models.BooleanField("пишет сам заявитель или его представитель", default=False, db_default=False)
    draft = models.UUIDField("черновик обращения", null=True)
    wish = models.JSONField("что просили зарегистрировать", default=dict)
    is_decided = models.BooleanField("правило двери исполнено", default=True)
    undecided_why = models.CharField("почему не зарегистрировано", max_length=300, blank=True, default="")
    state = models.CharField("состояние", max_length=10, choices=State, default=State.WAITING)
    owner = models.ForeignKey(Employee, models.PROTECT, null=True, db_index=False, related_name="+")
    taken_at = models.DateTimeField("взято", null=True)
    opened_at = models.DateTimeField("начата", default=timezone.now)
    last_at = models.DateTimeField("последнее сообщение", default=timezone.now)
    waiting_since = models.DateTimeField("ждёт с", null=True)
    closed_at = models.DateTimeField("закрыта", null=True)
    closed_by = models.ForeignKey(Employee, models.PROTECT, null=True, db_index=False, related_name="+")
    closed_why = models.CharField("почему закрыта", max_length=300, blank=True, default="")
    code_digest = models.CharField(max_length=64, editable=False)
    is_flood = models.BooleanField("пришла лавиной", default=False, db_default=False)
    flood_decision = models.ForeignKey(FloodDecision, models.PROTECT, null=True, db_index=False, related_name="threads")
    forget_at = models.DateTimeField("забыть", null=True)
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    objects = OwnAndBranches.as_manager()

    class Meta:
        verbose_name = "переписка"
        verbose_name_plural = "переписки"
        constraints = [
            models.UniqueConstraint(fields=["door", "key"], condition=~Q(key=""), name="thread_key_once"),
            models.UniqueConstraint(fields=["code_digest"], name="thread_code_once"),
            models.CheckConstraint(
                condition=~Q(state=State.CLOSED) | Q(closed_at__isnull=False) & ~Q(closed_why=""),
                name="thread_closed_with_reason",
            ),
            models.CheckConstraint(condition=~Q(state=State.TAKEN) | Q(owner__isnull=False), name="thread_taken_by"),
            models.CheckConstraint(condition=Q(forget_at__isnull=False), name="thread_is_forgotten_some_day"),
            models.CheckConstraint(
                condition=~_UNFINISHED | Q(waiting_since__isnull=False), name="thread_waits_since_a_moment"
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "waiting_since", "id"], condition=_UNFINISHED, name="thread_waiting"),
            models.Index(fields=["organisation", "-last_at", "-id"], name="thread_latest"),
            models.Index(fields=["forget_at"], name="thread_to_forget"),
            models.Index(fields=["opened_at"], condition=Q(is_decided=False), name="thread_undecided"),
            models.Index(fields=["door", "-opened_at"], name="thread_of_door_opened"),
            models.Index(
                fields=["flood_decision"], condition=Q(flood_decision__isnull=False), name="thread_of_decision"
            ),
        ]

    def __str__(self) -> str:
        return f"переписка {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state != State.CLOSED


class OfThreadQuerySet(models.QuerySet):
    """Rows that are seen with their organisation."""

    def accessible_to(self, employee: Employee) -> Self:
        return self.filter(thread__in=Thread.objects.accessible_to(employee))


_KEPT = pgtrigger.Trigger(
    name="stays",
    operation=pgtrigger.Update | pgtrigger.Delete,
    when=pgtrigger.Before,
    declare=[("until_moment", "timestamptz")],
    func="""
        IF TG_OP = 'UPDATE' THEN
          RAISE EXCEPTION 'append-only: a message stays as it was';
        END IF;
        SELECT forget_at INTO until_moment FROM doors_thread WHERE id = OLD.thread_id;
        IF OLD.thread_id IS NULL THEN
          until_moment := OLD.forget_at;
        END IF;
        IF until_moment IS NULL OR until_moment > now() THEN
          RAISE EXCEPTION 'append-only: a message stays until its thread may be forgotten';
        END IF;
        RETURN OLD;
    """,
)


class Message(models.Model):
    """Сообщение, in or out. Append-only; erased with its thread when the time of that has come.

    ``external_id`` is its sender's for what came and ours for what left. Without a thread are letters of machines that
    belong to nothing; ``forget_at`` is theirs alone. ``at`` is when it was written, never later than ``received_at``.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, db_index=False, related_name="+")
    door = models.ForeignKey(Door, models.PROTECT, db_index=False, related_name="+")
    thread = models.ForeignKey(Thread, models.PROTECT, null=True, related_name="messages")
    direction = models.CharField(max_length=3, choices=Direction)
    kind = models.CharField("кто написал", max_length=10, choices=MessageKind, default=MessageKind.MESSAGE)
    external_id = models.CharField("номер у двери", max_length=300, db_collation="C")
    sender = models.CharField("откуда", max_length=254, blank=True, default="")
    name = models.CharField("как назвался", max_length=200, blank=True, default="")
    subject = models.CharField("тема", max_length=300, blank=True, default="")
    text = models.TextField("текст", blank=True, default="")
    note = models.CharField("что не прочитано", max_length=300, blank=True, default="")
    at = models.DateTimeField("когда написано", default=timezone.now)
    received_at = models.DateTimeField("когда пришло", default=timezone.now)
    by = models.ForeignKey(Employee, models.PROTECT, null=True, db_index=False, related_name="+")
    forget_at = models.DateTimeField(null=True)

    objects = OfThreadQuerySet.as_manager()

    class Meta:
        verbose_name = "сообщение"
        verbose_name_plural = "сообщения"
        ordering = ["received_at", "pk"]
        triggers = [_KEPT, never_emptied()]
        constraints = [
            models.UniqueConstraint(fields=["door", "external_id"], name="message_once"),
            models.CheckConstraint(
                condition=Q(thread__isnull=False) | Q(forget_at__isnull=False), name="message_is_forgotten_some_day"
            ),
        ]
        indexes = [models.Index(fields=["forget_at"], condition=Q(thread=None), name="message_of_machines")]

    def __str__(self) -> str:
        return f"сообщение {self.pk}"

    @property
    def is_ours(self) -> bool:
        return self.direction == Direction.OUT


class MessageFile(models.Model):
    """A file of a message. Its bytes lie in ``appeals.store`` under ``sha256``; one that was refused has none."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="files")
    name = models.CharField("имя", max_length=255)
    media_type = models.CharField("вид", max_length=100, blank=True, default="")
    size = models.PositiveIntegerField("размер, байт", default=0)
    sha256 = models.CharField(max_length=64, blank=True, default="")
    refused = models.CharField("почему не принят", max_length=300, blank=True, default="")

    class Meta:
        verbose_name = "файл сообщения"
        verbose_name_plural = "файлы сообщений"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(sha256="") & Q(refused="") | Q(sha256="") & ~Q(refused=""), name="message_file_or_reason"
            )
        ]

    def __str__(self) -> str:
        return f"файл {self.pk}"


class Delivery(models.Model):
    """Доставка: what became of a message of ours; ``message.pk`` is the reference given to who carries it.

    ``started_at`` is written before anybody is called: a row that has it and is still ``sending`` may or may not have
    left, and is never sent again by the program.
    """

    message = models.OneToOneField(Message, models.CASCADE, primary_key=True, related_name="delivery")
    organisation = models.ForeignKey(Organisation, models.PROTECT, db_index=False, related_name="+")
    state = models.CharField("состояние", max_length=9, choices=Fate, default=Fate.SENDING)
    attempts = models.PositiveSmallIntegerField("попыток", default=0)
    next_at = models.DateTimeField("когда отправить", default=timezone.now)
    started_at = models.DateTimeField("отдаётся с", null=True)
    sent_at = models.DateTimeField("отправлено", null=True)
    ended_at = models.DateTimeField("доставлено или нет", null=True)
    why = models.CharField("почему не доставлено", max_length=300, blank=True, default="")

    class Meta:
        verbose_name = "доставка"
        verbose_name_plural = "доставки"
        constraints = [
            models.CheckConstraint(condition=~Q(state=Fate.FAILED) | ~Q(why=""), name="delivery_fails_for_a_reason")
        ]
        indexes = [models.Index(fields=["next_at"], condition=Q(state="sending"), name="delivery_due")]

    def __str__(self) -> str:
        return f"доставка {self.pk}: {self.state}"


class Greeted(models.Model):
    """To whom the letter that explains the lawful ways went: once in ``services.GREETED_FOR``. An address as a hash."""

    door = models.ForeignKey(Door, models.PROTECT, db_index=False, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, db_index=False, related_name="+")
    correspondent = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "кому объяснили"
        verbose_name_plural = "кому объяснили"
        constraints = [models.UniqueConstraint(fields=["door", "correspondent"], name="greeted_once")]

    def __str__(self) -> str:
        return f"{self.door_id} {self.at:%Y-%m-%d}"
