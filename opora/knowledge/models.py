"""Cards and their wordings, templates of letters and theirs. A wording never changes; a card points at it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from opora.knowledge.words import Letter
from opora.shared.triggers import append_only

if TYPE_CHECKING:
    from opora.organisations.models import Employee


class AnswerCardQuerySet(models.QuerySet["AnswerCard"]):
    def accessible_to(self, employee: Employee) -> Self:
        """Cards of everybody and of her territory; an answer holds nothing of persons."""
        if employee.scope.sees == "all":
            return self
        if employee.assignment is None:
            return self.none()
        return self.filter(territory__in=["", employee.assignment.organisation.territory_id])

    def in_force(self, on: date) -> Self:
        """Not withdrawn, with an approved wording that acts on the day: what may be said aloud."""
        return self.filter(
            Q(approved__valid_until=None) | Q(approved__valid_until__gte=on),
            withdrawn_at=None,
            approved__valid_since__lte=on,
        )


class AnswerCard(models.Model):
    """Карточка ответа: one typical question. ``text`` is the newest wording, ``approved`` the one that is said aloud.

    They differ while a change waits for approval: operators go on with the approved one.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", "черновик"
        SUBMITTED = "submitted", "на утверждении"
        APPROVED = "approved", "утверждена"

    slug = models.SlugField("код", max_length=60)
    territory = models.CharField("территория", max_length=5, blank=True, default="")
    status = models.CharField("состояние", max_length=10, choices=Status, default=Status.DRAFT)
    text = models.ForeignKey("CardText", models.PROTECT, null=True, related_name="+", verbose_name="новая редакция")
    approved = models.ForeignKey("CardText", models.PROTECT, null=True, related_name="+", verbose_name="утверждено")
    approved_by = models.ForeignKey(
        "organisations.Employee", models.PROTECT, null=True, related_name="+", verbose_name="кто утвердил"
    )
    approved_at = models.DateTimeField("когда утверждена", null=True)
    withdrawn_at = models.DateTimeField("снята", null=True)
    position = models.PositiveSmallIntegerField("порядок", default=1000)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = AnswerCardQuerySet.as_manager()

    class Meta:
        verbose_name = "карточка ответа"
        verbose_name_plural = "карточки ответов"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["slug", "territory"], name="card_slug_once_per_territory"),
            models.CheckConstraint(
                condition=Q(approved=None, approved_at=None) | Q(approved__isnull=False, approved_at__isnull=False),
                name="card_approved_at_some_time",
            ),
        ]

    def __str__(self) -> str:
        return self.text.question if self.text else self.slug


class CardText(models.Model):
    """One wording of a card, numbered from 1. The fields that an approval covers are all here."""

    card = models.ForeignKey(AnswerCard, models.PROTECT, related_name="texts")
    number = models.PositiveIntegerField("редакция")
    question = models.CharField("вопрос, как его задают", max_length=200)
    topic_code = models.CharField("тема", max_length=14, blank=True, default="")
    level = models.PositiveSmallIntegerField(
        "кто может закрыть", default=1, validators=[MinValueValidator(1), MaxValueValidator(3)]
    )
    body = models.TextField("что сказать вслух")
    next_step = models.TextField("что сделать", blank=True, default="")
    red_flag = models.TextField("когда остановиться", blank=True, default="")
    legal_basis = models.CharField("основание", max_length=500, blank=True, default="")
    sources = models.CharField("источники", max_length=500, blank=True, default="")
    words = models.CharField("слова для поиска", max_length=500, blank=True, default="")
    is_verified = models.BooleanField("сверено с текстом закона", default=False)
    valid_since = models.DateField("действует с")
    valid_until = models.DateField("действует по", null=True, blank=True)
    by = models.ForeignKey("organisations.Employee", models.PROTECT, null=True, related_name="+", verbose_name="кто")
    at = models.DateTimeField("когда", db_default=Now())

    class Meta:
        verbose_name = "редакция карточки"
        verbose_name_plural = "редакции карточек"
        ordering = ["card", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["card", "number"], name="card_text_number_once"),
            models.CheckConstraint(condition=Q(level__range=(1, 3)), name="card_text_level_1_to_3"),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_since")),
                name="card_text_runs_forward",
                violation_error_message="Карточка не может перестать действовать раньше, чем начала.",
            ),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.question} ({self.number})"


class CardDecision(models.Model):
    """What was decided about a wording: sent for approval, approved, returned; or about the card: withdrawn."""

    class Kind(models.TextChoices):
        SUBMITTED = "submitted", "отправлена на утверждение"
        APPROVED = "approved", "утверждена"
        RETURNED = "returned", "возвращена на доработку"
        WITHDRAWN = "withdrawn", "снята"
        RESTORED = "restored", "возвращена в работу"

    card = models.ForeignKey(AnswerCard, models.PROTECT, related_name="decisions")
    text = models.ForeignKey(CardText, models.PROTECT, related_name="decisions")
    kind = models.CharField("решение", max_length=10, choices=Kind)
    why = models.CharField("почему", max_length=500, blank=True, default="")
    by = models.ForeignKey("organisations.Employee", models.PROTECT, null=True, related_name="+", verbose_name="кто")
    at = models.DateTimeField("когда", db_default=Now())

    class Meta:
        verbose_name = "решение о карточке"
        verbose_name_plural = "решения о карточках"
        ordering = ["card", "-at", "-pk"]
        triggers = append_only()

    def __str__(self) -> str:
        return self.get_kind_display()


class LetterTemplateQuerySet(models.QuerySet["LetterTemplate"]):
    def accessible_to(self, employee: Employee) -> Self:
        """Templates of her organisation; an insurer's branch may read those of its head."""
        if employee.scope.sees == "all":
            return self
        assignment = employee.assignment
        if assignment is None:
            return self.none()
        return self.filter(organisation_id__in={assignment.organisation_id, assignment.organisation.parent_id} - {None})


class LetterTemplate(models.Model):
    """Шаблон письма of one organisation. Where there is none, the shipped one is used (``letters.SHIPPED``)."""

    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, related_name="+", verbose_name="организация"
    )
    kind = models.CharField("письмо", max_length=20, choices=Letter)
    text = models.ForeignKey("TemplateText", models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = LetterTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = "шаблон письма"
        verbose_name_plural = "шаблоны писем"
        ordering = ["organisation", "kind"]
        constraints = [models.UniqueConstraint(fields=["organisation", "kind"], name="letter_template_once")]

    def __str__(self) -> str:
        return self.get_kind_display()


class TemplateText(models.Model):
    """One wording of a template. An empty body is «как поставляется»: the shipped text again."""

    template = models.ForeignKey(LetterTemplate, models.PROTECT, related_name="texts")
    number = models.PositiveIntegerField("редакция")
    about = models.CharField("о чём письмо", max_length=200, blank=True, default="")
    body = models.TextField("текст письма", blank=True, default="")
    by = models.ForeignKey("organisations.Employee", models.PROTECT, null=True, related_name="+", verbose_name="кто")
    at = models.DateTimeField("когда", db_default=Now())

    class Meta:
        verbose_name = "редакция шаблона"
        verbose_name_plural = "редакции шаблонов"
        ordering = ["template", "-number"]
        constraints = [models.UniqueConstraint(fields=["template", "number"], name="template_text_number_once")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.template} ({self.number})"
