"""A letter that leaves by post, and the list it is handed to the post office with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from opora.appeals.models import Answer, Appeal
from opora.audit.services import uuid7
from opora.mailroom.words import Category, OutState
from opora.organisations.models import Employee, Organisation, OwnAndBranches

if TYPE_CHECKING:
    from datetime import date


class PostListQuerySet(OwnAndBranches):
    def not_sent(self) -> Self:
        return self.filter(sent_on=None)


class PostList(models.Model):
    """Список отправлений: what was handed to the post office at once. It has a number of its own and never goes."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    territory = models.CharField("территория", max_length=5)
    organisation = models.ForeignKey(Organisation, models.PROTECT, db_index=False, related_name="+")
    number = models.CharField("номер", max_length=40)
    on = models.DateField("дата")
    category = models.CharField("как отправляем", max_length=10, choices=Category, default=Category.REGISTERED)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(Employee, models.PROTECT, db_index=False, related_name="+")
    sent_on = models.DateField("сдан на почту", null=True)

    objects = PostListQuerySet.as_manager()

    class Meta:
        verbose_name = "список отправлений"
        verbose_name_plural = "списки отправлений"
        constraints = [models.UniqueConstraint(fields=["organisation", "number"], name="post_list_number_once")]
        indexes = [models.Index(fields=["organisation", "-made_at", "-id"], name="post_list_latest")]

    def __str__(self) -> str:
        return self.number


class OutgoingQuerySet(OwnAndBranches):
    def waiting(self) -> Self:
        return self.filter(state=OutState.WAITING)

    def on_the_way(self) -> Self:
        return self.filter(state=OutState.SENT)

    def sent_before(self, day: date) -> Self:
        return self.filter(sent_on__lt=day)


class Outgoing(models.Model):
    """Письмо, которое уходит почтой: an answer of the journal, addressed. The journal keeps its words, we its way.

    ``addressee`` and ``address`` are copied when it is picked up, so the mailroom needs no look into the appeal; they
    go when ``forget_at`` has come. ``version`` guards lost updates.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    territory = models.CharField("территория", max_length=5)
    organisation = models.ForeignKey(Organisation, models.PROTECT, db_index=False, related_name="+")
    answer = models.OneToOneField(Answer, models.PROTECT, related_name="+", verbose_name="ответ")
    appeal = models.ForeignKey(Appeal, models.PROTECT, related_name="+", verbose_name="обращение")
    number = models.CharField("исходящий номер", max_length=50)
    dated = models.DateField("от")
    what = models.CharField("что", max_length=60)
    addressee = models.CharField("кому", max_length=300, blank=True, default="")
    address = models.CharField("куда", max_length=500, blank=True, default="")
    state = models.CharField("состояние", max_length=9, choices=OutState, default=OutState.WAITING)
    picked_at = models.DateTimeField("к отправке с", default=timezone.now)
    post_list = models.ForeignKey(PostList, models.PROTECT, null=True, related_name="items", verbose_name="список")
    place = models.PositiveSmallIntegerField("место в списке", null=True)
    track = models.CharField("трек-номер", max_length=14, blank=True, default="")
    sent_on = models.DateField("сдано на почту", null=True)
    ended_on = models.DateField("вручено или вернулось", null=True)
    why = models.CharField("почему", max_length=300, blank=True, default="")
    forget_at = models.DateTimeField("хранить до", null=True)
    forgotten_at = models.DateTimeField("стёрто", null=True)
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    objects = OutgoingQuerySet.as_manager()

    class Meta:
        verbose_name = "исходящее письмо"
        verbose_name_plural = "исходящие письма"
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=[OutState.LISTED, OutState.SENT, OutState.DELIVERED, OutState.RETURNED])
                | Q(post_list__isnull=False, place__isnull=False),
                name="outgoing_leaves_in_a_list",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[OutState.SENT, OutState.DELIVERED, OutState.RETURNED])
                | Q(sent_on__isnull=False),
                name="outgoing_sent_on_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[OutState.DELIVERED, OutState.RETURNED, OutState.DROPPED])
                | Q(ended_on__isnull=False, forget_at__isnull=False),
                name="outgoing_ended_on_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[OutState.RETURNED, OutState.DROPPED])
                | ~Q(why="")
                | Q(forgotten_at__isnull=False),
                name="outgoing_fails_for_a_reason",
            ),
            models.UniqueConstraint(fields=["post_list", "place"], name="outgoing_place_once"),
        ]
        indexes = [
            models.Index(fields=["organisation", "picked_at"], name="outgoing_waiting", condition=Q(state="waiting")),
            models.Index(fields=["organisation", "sent_on"], name="outgoing_on_the_way", condition=Q(state="sent")),
            models.Index(fields=["organisation", "-picked_at", "-id"], name="outgoing_latest"),
            models.Index(fields=["organisation", "track"], name="outgoing_by_track", condition=~Q(track="")),
            models.Index(fields=["organisation", "number"], name="outgoing_by_number", condition=~Q(number="")),
            models.Index(
                fields=["forget_at"], name="outgoing_to_forget", condition=Q(forgotten_at=None, forget_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.number or f"письмо {self.pk}"

    @property
    def is_ready(self) -> bool:
        """Whether it can be put into an envelope."""
        return bool(self.addressee and self.address)
