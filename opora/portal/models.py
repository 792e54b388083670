"""The face of an organisation to citizens, a question on its way, and how often somebody has tried."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from opora.audit.services import uuid7
from opora.knowledge.models import AnswerCard
from opora.organisations.models import Organisation, Territory
from opora.portal.words import Colour, Way

if TYPE_CHECKING:
    from opora.organisations.models import Employee


class SiteQuerySet(models.QuerySet["Site"]):
    def accessible_to(self, employee: Employee) -> Self:
        """Sites of the organisations she manages."""
        return self.filter(organisation__in=Organisation.objects.manageable_by(employee))

    def published(self) -> Self:
        return self.filter(is_published=True, organisation__closed_on=None)


class Site(models.Model):
    """Сайт of a fund or an insurer. Its phones, hours and posts are those of the organisation and stand there."""

    organisation = models.OneToOneField(Organisation, models.PROTECT, related_name="+", verbose_name="чей сайт")
    territory = models.ForeignKey(Territory, models.PROTECT, related_name="+", verbose_name="территория")
    slug = models.SlugField("адрес", max_length=40, unique=True)
    name = models.CharField("название", max_length=100)
    greeting = models.CharField("приветствие", max_length=300, blank=True, default="")
    colour = models.CharField("цвет", max_length=8, choices=Colour, default=Colour.BLUE)
    is_published = models.BooleanField("опубликован", default=False)
    is_default = models.BooleanField("открывается по адресу /site/", default=False)
    cards = models.ManyToManyField(AnswerCard, related_name="+", blank=True, verbose_name="подсказки")
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    objects = SiteQuerySet.as_manager()

    class Meta:
        verbose_name = "сайт"
        verbose_name_plural = "сайты"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["territory"], condition=Q(is_default=True), name="site_default_once_per_territory"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Ask(models.Model):
    """A question (or a request of delivery) on its way, kept by a random key of which only the hash is here.

    It holds personal data: row security shows it to the program alone, and it is forgotten within a day.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    site = models.ForeignKey(Site, models.CASCADE, related_name="asks")
    key_hash = models.CharField(max_length=64, unique=True, db_collation="C")
    way = models.CharField("что просят", max_length=8, choices=Way)
    answers = models.JSONField("ответы по шагам", default=dict)
    touched_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True)
    number = models.CharField("номер", max_length=40, blank=True, default="")
    code = models.CharField("код", max_length=40, blank=True, default="")

    class Meta:
        verbose_name = "вопрос в пути"
        verbose_name_plural = "вопросы в пути"
        indexes = [models.Index(fields=["touched_at"], name="ask_to_forget")]

    def __str__(self) -> str:
        return f"вопрос {self.pk}"


class AskFile(models.Model):
    """A file of a question on its way; its bytes go with it or are forgotten with it."""

    ask = models.ForeignKey(Ask, models.CASCADE, related_name="files")
    name = models.CharField("имя", max_length=255)
    media_type = models.CharField("вид", max_length=100)
    size = models.PositiveIntegerField("размер, байт")
    content = models.BinaryField()

    class Meta:
        verbose_name = "файл вопроса"
        verbose_name_plural = "файлы вопросов"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"файл {self.pk}"


class Tally(models.Model):
    """How often something was tried since a moment. ``mark`` is a keyed hash of an address or of a question."""

    what = models.CharField(max_length=16, db_collation="C")
    mark = models.CharField(max_length=32, db_collation="C")
    since = models.DateTimeField()
    count = models.PositiveIntegerField()

    class Meta:
        verbose_name = "счёт попыток"
        verbose_name_plural = "счёт попыток"
        constraints = [models.UniqueConstraint(fields=["what", "mark"], name="tally_once")]
        indexes = [models.Index(fields=["since"], name="tally_to_forget")]

    def __str__(self) -> str:
        return self.what
