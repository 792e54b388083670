"""Cards and their wordings, templates of letters and theirs. A wording never changes; a card points at it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self

import pgtrigger
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from opora.knowledge.words import Letter, Miss
from opora.shared.triggers import append_only

if TYPE_CHECKING:
    from opora.organisations.models import Employee

# The same rule stands in ``rules.why_not_said``: there for the sentence, here for every other way in.
WITH_SOURCE = """
IF NOT EXISTS (
    SELECT 1 FROM knowledge_cardtext t
     WHERE t.id = NEW.approved_id AND t.is_verified
       AND (t.legal_basis <> '' OR t.sources <> '') AND position('[own]' IN t.sources) = 0
) THEN
    RAISE EXCEPTION 'knowledge: wording % is not read against its source and is not approved', NEW.approved_id
        USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


class AnswerCardQuerySet(models.QuerySet["AnswerCard"]):
    def accessible_to(self, employee: Employee) -> Self:
        """Cards of everybody and of her territory; an answer holds nothing of persons."""
        if employee.scope.sees == "all":
            return self
        if employee.assignment is None:
            return self.none()
        return self.filter(territory__in=["", employee.assignment.organisation.territory_id])

    def in_force(self, on: date) -> Self:
        """Not archived, with an approved wording that acts on the day, read against the law: what may be said."""
        return self.filter(
            Q(approved__valid_until=None) | Q(approved__valid_until__gte=on),
            withdrawn_at=None,
            approved__valid_since__lte=on,
            approved__is_verified=True,
        )

    def to_review(self, on: date) -> Self:
        """Approved cards whose day of review has come."""
        return self.filter(withdrawn_at=None, approved__isnull=False, review_on__lte=on)


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
    withdrawn_at = models.DateTimeField("в архиве с", null=True)
    owner = models.ForeignKey(
        "organisations.Employee", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="ответственный"
    )
    review_on = models.DateField("пересмотреть", null=True, blank=True)
    pack_version = models.CharField("версия поставки", max_length=20, blank=True, default="")
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
        indexes = [
            models.Index(
                fields=["review_on"], condition=Q(withdrawn_at=None, approved__isnull=False), name="card_to_review"
            )
        ]
        triggers = [
            pgtrigger.Trigger(
                name="approved_with_source",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("approved_id"),
                condition=pgtrigger.Q(new__approved__isnull=False),
                func=WITH_SOURCE,
            )
        ]

    def __str__(self) -> str:
        return self.text.question if self.text else self.slug


class CardText(models.Model):
    """One wording of a card, numbered from 1. The fields that an approval covers are all here."""

    card = models.ForeignKey(AnswerCard, models.PROTECT, related_name="texts")
    number = models.PositiveIntegerField("редакция")
    question = models.CharField("вопрос, как его задают", max_length=200)
    variants = models.TextField("как ещё спрашивают", blank=True, default="")
    topic_code = models.CharField("тема", max_length=14, blank=True, default="")
    level = models.PositiveSmallIntegerField(
        "кто может закрыть", default=1, validators=[MinValueValidator(1), MaxValueValidator(3)]
    )
    body = models.TextField("что сказать вслух")
    full_text = models.TextField("полный ответ", blank=True, default="")
    next_step = models.TextField("что сделать", blank=True, default="")
    red_flag = models.TextField("когда остановиться", blank=True, default="")
    legal_basis = models.CharField("основание", max_length=500, blank=True, default="")
    law_edition = models.CharField("редакция закона", max_length=200, blank=True, default="")
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
        WITHDRAWN = "withdrawn", "отправлена в архив"
        RESTORED = "restored", "возвращена в работу"
        REVIEWED = "reviewed", "пересмотрена"

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


class CardVote(models.Model):
    """«Помогло» or «не помогло» of who has read a card out. ``mark`` is the talk: the draft of intake, or one page.

    A second press of the same talk changes the vote. ``words`` are those of the question without personal data.
    """

    mark = models.UUIDField()
    card = models.ForeignKey(AnswerCard, models.PROTECT, related_name="votes")
    text = models.ForeignKey(CardText, models.PROTECT, related_name="votes")
    is_helpful = models.BooleanField("помогло")
    words = models.CharField("слова вопроса", max_length=200, blank=True, default="")
    by = models.ForeignKey("organisations.Employee", models.PROTECT, related_name="+", verbose_name="кто")
    at = models.DateTimeField("когда", db_default=Now())

    class Meta:
        verbose_name = "отзыв о карточке"
        verbose_name_plural = "отзывы о карточках"
        constraints = [models.UniqueConstraint(fields=["card", "mark"], name="card_vote_once_a_talk")]
        indexes = [
            models.Index(fields=["card", "at"], name="card_votes"),
            models.Index(fields=["at"], name="card_votes_old"),
        ]

    def __str__(self) -> str:
        return "помогло" if self.is_helpful else "не помогло"


class CardShow(models.Model):
    """How often a card was shown on a day: counted, nobody is named."""

    card = models.ForeignKey(AnswerCard, models.PROTECT, related_name="shows")
    on = models.DateField("день")
    times = models.PositiveIntegerField("показана", default=1)

    class Meta:
        verbose_name = "показы карточки"
        verbose_name_plural = "показы карточек"
        constraints = [models.UniqueConstraint(fields=["card", "on"], name="card_shows_once_a_day")]

    def __str__(self) -> str:
        return f"{self.on}: {self.times}"


class MissingAnswerQuerySet(models.QuerySet["MissingAnswer"]):
    def accessible_to(self, employee: Employee) -> Self:
        if employee.scope.sees == "all":
            return self
        if employee.assignment is None:
            return self.none()
        return self.filter(territory=employee.assignment.organisation.territory_id)

    def open(self) -> Self:
        return self.filter(closed_at=None)


class MissingAnswer(models.Model):
    """«Нет ответа»: words that found no card, were left without opening one, or got a card that did not help.

    The same words in another order or with other endings are one row (``key``); asked again, a closed row opens.
    """

    territory = models.CharField("территория", max_length=5)
    key = models.CharField(max_length=200)
    words = models.CharField("слова", max_length=200)
    why = models.CharField("что случилось", max_length=10, choices=Miss)
    times = models.PositiveIntegerField("сколько раз", default=1)
    first_on = models.DateField("впервые")
    last_on = models.DateField("в последний раз")
    closed_at = models.DateTimeField("убрано", null=True)
    closed_by = models.ForeignKey("organisations.Employee", models.PROTECT, null=True, related_name="+")

    objects = MissingAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = "вопрос без ответа"
        verbose_name_plural = "вопросы без ответа"
        constraints = [models.UniqueConstraint(fields=["territory", "key"], name="missing_answer_once")]
        indexes = [
            models.Index(
                fields=["territory", "-times", "-id"], condition=Q(closed_at=None), name="missing_answers_open"
            ),
            models.Index(fields=["last_on"], name="missing_answers_old"),
        ]

    def __str__(self) -> str:
        return self.words


class TopicModel(models.Model):
    """Подсказка темы: what was learned from the journal of a territory, and how well it did on the part held back.

    ``content`` holds numbers by hashed stems, no words. ``quality`` — see ``suggesting.Quality``. Only the newest row
    of a territory counts, and only when ``is_used``.
    """

    territory = models.CharField("территория", max_length=5)
    made_at = models.DateTimeField("обучена", db_default=Now())
    appeals = models.PositiveIntegerField("обращений")
    held = models.PositiveIntegerField("отложено для проверки")
    features = models.PositiveIntegerField("признаков")
    quality = models.JSONField("качество", default=dict)
    is_used = models.BooleanField("используется")
    why = models.CharField("почему", max_length=200, blank=True, default="")
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = "обученная подсказка тем"
        verbose_name_plural = "обученные подсказки тем"
        ordering = ["territory", "-made_at", "-pk"]
        indexes = [models.Index(fields=["territory", "-id"], name="topic_model_newest")]

    def __str__(self) -> str:
        return f"{self.territory} {self.made_at:%d.%m.%Y}"


class SynonymGroup(models.Model):
    """Слова, которые для поиска значат одно: of a territory, beside those that came with the program.

    A shipped group gets a row only when somebody takes it away. ``mark`` — see ``synonyms.mark_of``.
    """

    territory = models.CharField("территория", max_length=5)
    mark = models.CharField(max_length=16)
    names = models.JSONField("слова", default=list)
    is_shipped = models.BooleanField("из поставки", default=False)
    removed_at = models.DateTimeField("убрана", null=True)

    class Meta:
        verbose_name = "синонимы"
        verbose_name_plural = "синонимы"
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["territory", "mark"], name="synonym_group_once")]

    def __str__(self) -> str:
        return ", ".join(self.names)


class SynonymChange(models.Model):
    """What was done with a group, by whom and when."""

    class Kind(models.TextChoices):
        ADDED = "added", "добавлены"
        REMOVED = "removed", "убраны"
        RESTORED = "restored", "возвращены"

    group = models.ForeignKey(SynonymGroup, models.PROTECT, related_name="changes")
    kind = models.CharField("что сделано", max_length=10, choices=Kind)
    by = models.ForeignKey("organisations.Employee", models.PROTECT, null=True, related_name="+", verbose_name="кто")
    at = models.DateTimeField("когда", db_default=Now())

    class Meta:
        verbose_name = "изменение синонимов"
        verbose_name_plural = "изменения синонимов"
        ordering = ["-pk"]
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
