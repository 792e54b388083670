"""Facts: one subject as reports count it. Each is a pure function of the rooms' rows and may be made anew at any time.

All days are local to the territory. ``insurer_id`` is the insurer who did the work, ``NOBODY`` — the fund itself;
a branch counts as its insurer. Row security: a fund reads its territory, an insurer its own work, clinics nothing.
Contacts of informing are facts already: ``informing.Informed``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, cast

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from opora.access.scope import Scope, Sees
from opora.appeals.words import Stage
from opora.classifiers.words import Channel, Flag, Form, Kind, Line, Origin, Outcome, Standing, Verdict
from opora.complaints.words import ClaimDecision, DisputeOutcome, Filer, Payer, RecourseOutcome, Restored, Track
from opora.informing.public.words import PublicKind, PublicSubject
from opora.reports.words import Performer, RecourseStep, Settled

if TYPE_CHECKING:
    from opora.organisations.models import Employee

NOBODY = 0  # instead of an insurer: the fund did it; instead of a clinic: none is named


class FactQuerySet(models.QuerySet["Fact"]):
    """Numbers of an insurer are its own and the fund's; a fact names no person."""

    def accessible_to(self, employee: Employee) -> Self:
        return self.within(employee.scope)

    def within(self, scope: Scope) -> Self:
        match scope.sees:
            case Sees.ALL:
                return self
            case Sees.TERRITORY:
                return self.filter(territory=scope.territory)
            case Sees.INSURER:
                found = self.filter(cast("type[Fact]", self.model).of_insurer(scope.insurer))
                return found.filter(territory=scope.territory) if scope.territory else found
            case _:
                return self.none()


class Fact(models.Model):
    """What all facts carry."""

    territory = models.CharField("территория", max_length=5)
    insurer_id = models.BigIntegerField("страховая", default=NOBODY)

    objects = FactQuerySet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def of_insurer(cls, insurer: int | None) -> Q:
        return Q(insurer_id=insurer)


class AppealFact(Fact):
    """An appeal. ``flags`` are its own and those of its topic; ``topic_id`` is the topic in its edition.

    ``insurer_id`` — whoever answers for it; where that is neither fund nor insurer, who registered it.
    ``about_id`` — the insurer of whoever it concerns, else of the applicant (``NOBODY`` — not known): a complaint on an
    insurer is counted for that insurer although the fund handles it. ``in_time`` — no clock of an answer was missed,
    None while one runs; ``answer_days`` — calendar days from receiving to the answer, None without one.
    ``at_once`` — closed on the day it was registered, on the line and by the organisation that took it, and never
    handed over or forwarded in between.
    """

    appeal_id = models.UUIDField(primary_key=True)
    about_id = models.BigIntegerField("о какой страховой", default=NOBODY)
    taken_by_id = models.BigIntegerField("кто принял", default=NOBODY)
    performer = models.CharField("кто рассматривал", max_length=8, choices=Performer)
    registered_on = models.DateField("зарегистрировано")
    registered_hour = models.PositiveSmallIntegerField("час регистрации")
    closed_on = models.DateField("закрыто", null=True)
    kind = models.CharField("вид", max_length=16, choices=Kind)
    form = models.CharField("форма", max_length=8, choices=Form)
    channel = models.CharField("способ", max_length=12, choices=Channel)
    origin = models.CharField("источник", max_length=20, choices=Origin)
    standing = models.CharField("статус по 59-ФЗ", max_length=12, choices=Standing)
    topic_code = models.CharField("тема", max_length=14)
    topic_id = models.BigIntegerField("тема своей редакции")
    flags = ArrayField(models.CharField(max_length=16, choices=Flag), verbose_name="признаки", default=list)
    line_received = models.CharField("линия принятия", max_length=8, choices=Line)
    line = models.CharField("линия рассмотрения", max_length=8, choices=Line)
    stage = models.CharField("этап", max_length=12, choices=Stage)
    outcome = models.CharField("исход", max_length=20, choices=Outcome, blank=True, default="")
    verdict = models.CharField("сведения о жалобе", max_length=12, choices=Verdict, blank=True, default="")
    is_repeat = models.BooleanField("повторное", default=False)
    in_time = models.BooleanField("в срок", null=True)
    answer_days = models.PositiveIntegerField("дней до ответа", null=True)
    was_extended = models.BooleanField("продлевалось", default=False)
    at_once = models.BooleanField("решено сразу", default=False)

    class Meta:
        verbose_name = "обращение в отчётах"
        verbose_name_plural = "обращения в отчётах"
        indexes = [
            models.Index(fields=["territory", "registered_on", "appeal_id"], name="appeal_fact_registered"),
            models.Index(
                fields=["territory", "closed_on", "appeal_id"],
                condition=Q(closed_on__isnull=False),
                name="appeal_fact_closed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.registered_on} {self.kind} {self.topic_code}"

    @classmethod
    def of_insurer(cls, insurer: int | None) -> Q:
        return Q(insurer_id=insurer) | Q(about_id=insurer)


class ReasonFact(Fact):
    """A reason of a complaint; days, form, channel, origin and performer are those of its appeal.

    ``flags`` are its own and the topic's; ``verdict`` is its own, or the complaint's where it has none. ``amount`` —
    roubles given back for it.
    """

    reason_id = models.BigIntegerField(primary_key=True)
    appeal_id = models.UUIDField()
    about_id = models.BigIntegerField("о какой страховой", default=NOBODY)
    performer = models.CharField("кто рассматривал", max_length=8, choices=Performer)
    registered_on = models.DateField("зарегистрировано")
    closed_on = models.DateField("закрыто", null=True)
    kind = models.CharField("вид", max_length=16, choices=Kind, default=Kind.COMPLAINT)
    form = models.CharField("форма", max_length=8, choices=Form)
    channel = models.CharField("способ", max_length=12, choices=Channel)
    origin = models.CharField("источник", max_length=20, choices=Origin, blank=True, default="")
    topic_code = models.CharField("причина", max_length=14)
    topic_id = models.BigIntegerField("тема своей редакции")
    flags = ArrayField(models.CharField(max_length=16, choices=Flag), verbose_name="признаки", default=list)
    provider_id = models.BigIntegerField("клиника", default=NOBODY)
    verdict = models.CharField("решение", max_length=12, choices=Verdict, blank=True, default="")
    settled = models.CharField("где удовлетворена", max_length=8, choices=Settled, blank=True, default="")
    filer = models.CharField("кто подал иск", max_length=14, choices=Filer, blank=True, default="")
    amount = models.DecimalField("возвращено", max_digits=14, decimal_places=2, default=0)

    class Meta:
        verbose_name = "причина жалобы в отчётах"
        verbose_name_plural = "причины жалоб в отчётах"
        indexes = [
            models.Index(fields=["territory", "registered_on", "reason_id"], name="reason_fact_registered"),
            models.Index(
                fields=["territory", "closed_on", "reason_id"],
                condition=Q(closed_on__isnull=False),
                name="reason_fact_closed",
            ),
            models.Index(fields=["appeal_id"], name="reason_fact_of_appeal"),
        ]

    def __str__(self) -> str:
        return f"{self.registered_on} {self.topic_code} {self.verdict}"

    @classmethod
    def of_insurer(cls, insurer: int | None) -> Q:
        return Q(insurer_id=insurer) | Q(about_id=insurer)


class MeasureFact(Fact):
    """A measure taken on a complaint: how a right was restored. ``amount`` in roubles."""

    restoration_id = models.UUIDField(primary_key=True)
    appeal_id = models.UUIDField()
    on = models.DateField("когда")
    how = models.CharField("как", max_length=16, choices=Restored)
    amount = models.DecimalField("сумма", max_digits=14, decimal_places=2, default=0)

    class Meta:
        verbose_name = "мера в отчётах"
        verbose_name_plural = "меры в отчётах"
        indexes = [
            models.Index(fields=["territory", "on", "restoration_id"], name="measure_fact"),
            models.Index(fields=["appeal_id"], name="measure_fact_of_appeal"),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.how}"


class DisputeFact(Fact):
    """A dispute before or in court. Sums in roubles, 0 — not told; ``awarded`` = ``material`` + ``moral``."""

    dispute_id = models.UUIDField(primary_key=True)
    appeal_id = models.UUIDField()
    filed_on = models.DateField("подано")
    decided_on = models.DateField("решено", null=True)
    track = models.CharField("где", max_length=8, choices=Track)
    outcome = models.CharField("исход", max_length=10, choices=DisputeOutcome, blank=True, default="")
    claimed = models.DecimalField("просили", max_digits=14, decimal_places=2, default=0)
    awarded = models.DecimalField("присудили", max_digits=14, decimal_places=2, default=0)
    material = models.DecimalField("из них потраченное", max_digits=14, decimal_places=2, default=0)
    moral = models.DecimalField("из них убытки и моральный вред", max_digits=14, decimal_places=2, default=0)
    filer = models.CharField("кто подал", max_length=14, choices=Filer, blank=True, default="")
    payer = models.CharField("кто возместил", max_length=8, choices=Payer, blank=True, default="")

    class Meta:
        verbose_name = "спор в отчётах"
        verbose_name_plural = "споры в отчётах"
        indexes = [
            models.Index(fields=["territory", "filed_on", "dispute_id"], name="dispute_fact"),
            models.Index(fields=["appeal_id"], name="dispute_fact_of_appeal"),
        ]

    def __str__(self) -> str:
        return f"{self.filed_on} {self.track}"


class ClaimFact(Fact):
    """A clinic's claim against an act of the insurer ``insurer_id``."""

    claim_id = models.UUIDField(primary_key=True)
    provider_id = models.BigIntegerField("клиника")
    filed_on = models.DateField("подана")
    decided_on = models.DateField("решена", null=True)
    decision = models.CharField("решение", max_length=12, choices=ClaimDecision, blank=True, default="")
    is_late = models.BooleanField("позже срока", default=False)

    class Meta:
        verbose_name = "претензия в отчётах"
        verbose_name_plural = "претензии в отчётах"
        indexes = [models.Index(fields=["territory", "filed_on", "claim_id"], name="claim_fact")]

    def __str__(self) -> str:
        return f"{self.filed_on} {self.decision}"


class DeliveryFact(Fact):
    """A request to bring a policy home. ``handed_on`` — the day a person got it, ``in_time`` — not after the day that
    was promised, None for who got nothing."""

    delivery_id = models.BigIntegerField(primary_key=True)
    asked_on = models.DateField("попросили")
    ended_on = models.DateField("завершена", null=True)
    handed_on = models.DateField("вручено", null=True)
    category = models.CharField("кому положено", max_length=40)
    state = models.CharField("состояние", max_length=12)
    tries = models.PositiveSmallIntegerField("попыток", default=0)
    in_time = models.BooleanField("в срок", null=True)

    class Meta:
        verbose_name = "доставка в отчётах"
        verbose_name_plural = "доставки в отчётах"
        indexes = [models.Index(fields=["territory", "asked_on", "delivery_id"], name="delivery_fact")]

    def __str__(self) -> str:
        return f"{self.asked_on} {self.state}"


class SurveyFact(Fact):
    """Answers of one round to one question as they were counted when it ended, all versions of the sheet together.

    ``answer`` empty — all who answered the question, ``question`` empty too — all who answered anything. Sheets lead to
    nobody, so the finest fact is a count, and a question that too few answered has none. ``closed_on`` is the last day
    of asking, not of the closing. ``key`` is «round:question:answer».
    """

    key = models.CharField(primary_key=True, max_length=120)
    round_id = models.BigIntegerField("опрос")
    survey_code = models.CharField("анкета", max_length=40)
    closed_on = models.DateField("завершён")
    question = models.CharField("вопрос", max_length=40, blank=True, default="")
    answer = models.CharField("ответ", max_length=40, blank=True, default="")
    people = models.PositiveIntegerField("человек")

    class Meta:
        verbose_name = "ответы опроса в отчётах"
        verbose_name_plural = "ответы опросов в отчётах"
        indexes = [
            models.Index(fields=["territory", "closed_on", "key"], name="survey_fact"),
            models.Index(fields=["round_id"], name="survey_fact_of_round"),
        ]

    def __str__(self) -> str:
        return f"{self.survey_code} {self.question} {self.answer}: {self.people}"


class RecourseFact(Fact):
    """A step of a suit of recourse: it was ``filed``, or money was ``paid`` by it; what was taken back is no fact.

    Sums in roubles by what they are for, ``total`` all three. ``key`` is «filed:suit», «paid:suit:payment».
    """

    key = models.CharField(primary_key=True, max_length=80)
    recourse_id = models.UUIDField()
    on = models.DateField("когда")
    step = models.CharField("что", max_length=8, choices=RecourseStep)
    outcome = models.CharField("исход", max_length=10, choices=RecourseOutcome, blank=True, default="")
    provider_id = models.BigIntegerField("клиника", default=NOBODY)
    care = models.DecimalField("за помощь", max_digits=14, decimal_places=2, default=0)
    expertise = models.DecimalField("за экспертизу", max_digits=14, decimal_places=2, default=0)
    costs = models.DecimalField("издержки", max_digits=14, decimal_places=2, default=0)
    total = models.DecimalField("всего", max_digits=14, decimal_places=2, default=0)

    class Meta:
        verbose_name = "регресс в отчётах"
        verbose_name_plural = "регресс в отчётах"
        indexes = [
            models.Index(fields=["territory", "on", "key"], name="recourse_fact"),
            models.Index(fields=["recourse_id"], name="recourse_fact_of_suit"),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.step}: {self.total}"


class PublicFact(Fact):
    """Public informing: ``times`` — how many events the row stands for. A row that was taken back is no fact."""

    public_id = models.UUIDField(primary_key=True)
    on = models.DateField("когда")
    kind = models.CharField("где", max_length=10, choices=PublicKind)
    subject = models.CharField("о чём", max_length=10, choices=PublicSubject)
    times = models.PositiveIntegerField("сколько раз")

    class Meta:
        verbose_name = "публичное информирование в отчётах"
        verbose_name_plural = "публичное информирование в отчётах"
        indexes = [models.Index(fields=["territory", "on", "public_id"], name="public_fact")]

    def __str__(self) -> str:
        return f"{self.on} {self.kind} × {self.times}"


class InsuredCount(Fact):
    """How many people held a policy on a ``day``, each once, as last night found it. ``NOBODY`` — of any insurer.

    Beside the register: millions of policies are not read for each look at a report.
    """

    day = models.DateField("на какой день")
    people = models.PositiveIntegerField("человек")
    counted_at = models.DateTimeField("сосчитано")

    class Meta:
        verbose_name = "число застрахованных"
        verbose_name_plural = "числа застрахованных"
        constraints = [models.UniqueConstraint(fields=["territory", "insurer_id", "day"], name="insured_count_once")]

    def __str__(self) -> str:
        return f"{self.insurer_id} {self.day}: {self.people}"
