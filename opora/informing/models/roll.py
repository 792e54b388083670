"""Lists of partners: whom to inform, who came, who was informed elsewhere, how many are planned."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from opora.informing.words import Channel, EntryState, Measure, Outcome, Purpose, Reason, Sequence, Told
from opora.insured.models import Person
from opora.organisations.models import Organisation, ScopedQuerySet, Territory


class Roll(models.Model):
    """Список: one file or one delivery of a partner. ``insurer`` is who informs by it, ``provider`` who made it."""

    territory = models.ForeignKey(Territory, models.PROTECT, db_index=False, verbose_name="территория")
    insurer = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name="страховая"
    )
    provider = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name="клиника"
    )
    format = models.CharField("формат", max_length=40)
    name = models.CharField("файл", max_length=255)
    parcel_id = models.BigIntegerField("посылка", null=True)
    year = models.PositiveSmallIntegerField("год", null=True)
    month = models.PositiveSmallIntegerField("месяц", null=True)
    records = models.PositiveIntegerField("записей", default=0)
    matched = models.PositiveIntegerField("найдено", default=0)
    unmatched = models.PositiveIntegerField("не найдено", default=0)
    repeated = models.PositiveIntegerField("уже были в плане", default=0)
    not_due = models.PositiveIntegerField("не подлежат", default=0)
    loaded_at = models.DateTimeField("загружен", default=timezone.now)
    by = models.ForeignKey("organisations.Employee", models.PROTECT, null=True, related_name="+", verbose_name="кто")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "список"
        verbose_name_plural = "списки"
        constraints = [
            models.UniqueConstraint(fields=["parcel_id"], condition=~Q(parcel_id=None), name="roll_once_per_parcel"),
            models.CheckConstraint(condition=Q(month=None) | Q(month__range=(1, 12)), name="roll_month_known"),
        ]
        indexes = [
            models.Index(fields=["insurer", "-loaded_at"], name="roll_of_insurer"),
            models.Index(fields=["territory", "-loaded_at"], name="roll_of_territory"),
            models.Index(fields=["provider", "-loaded_at"], name="roll_of_provider"),
        ]

    def __str__(self) -> str:
        return self.name


class OfRoll(models.Model):
    """What a list said about one person. ``given`` is who was meant, kept only while nobody is found for it."""

    roll = models.ForeignKey(Roll, models.PROTECT, db_index=False, related_name="+", verbose_name="список")
    place = models.PositiveIntegerField("номер в файле")
    key = models.CharField("номер у партнёра", max_length=64, blank=True, default="")
    territory = models.CharField("территория", max_length=5)
    insurer = models.ForeignKey(Organisation, models.PROTECT, null=True, db_index=False, related_name="+")
    provider = models.ForeignKey(Organisation, models.PROTECT, null=True, db_index=False, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, null=True, db_index=False, related_name="+")
    measure = models.CharField("повод", max_length=16, choices=Measure)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True


class Entry(OfRoll):
    """Строка списка: this person is to be informed. ``critique`` says why he is not due although listed.

    A visit or a refusal of somebody whom nobody was found for waits here too (``told``), with its days; when a person
    says who it was, it becomes a fact and the line is noted.
    """

    told = models.CharField("о чём", max_length=8, choices=Told, default=Told.LISTED, db_default=Told.LISTED)
    told_on = models.DateField("когда пришёл или отказался", null=True)
    began_on = models.DateField("когда начал", null=True)
    result = models.CharField("результат", max_length=20, blank=True, default="", db_default="")
    state = models.CharField("состояние", max_length=12, choices=EntryState)
    year = models.PositiveSmallIntegerField("год")
    month = models.PositiveSmallIntegerField("месяц", null=True)
    quarter = models.PositiveSmallIntegerField("квартал", null=True)
    sequence = models.CharField("первичное или повторное", max_length=6, choices=Sequence, blank=True, default="")
    inform_by = models.DateField("сообщить до", null=True)
    visit_from = models.DateField("ждут с", null=True)
    visit_to = models.DateField("ждут по", null=True)
    phone = models.CharField("телефон из списка", max_length=20, blank=True, default="")
    critique = models.CharField("замечание", max_length=40, blank=True, default="")
    given = models.JSONField("кого назвали", null=True)
    why = models.CharField("почему так решили", max_length=300, blank=True, default="")
    decided_by = models.ForeignKey("organisations.Employee", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "строка списка"
        verbose_name_plural = "строки списков"
        constraints = [
            models.UniqueConstraint(fields=["roll", "place", "measure"], name="entry_once"),
            models.CheckConstraint(
                condition=Q(state="matched", person__isnull=False) | ~Q(state="matched"),
                name="entry_matched_has_person",
            ),
            models.CheckConstraint(condition=Q(told="listed") | Q(told_on__isnull=False), name="entry_fact_has_day"),
        ]
        indexes = [
            models.Index(
                fields=["insurer", "id"], condition=Q(state__in=["unmatched", "ambiguous"]), name="entry_to_settle"
            ),
            models.Index(fields=["person", "year"], condition=Q(person__isnull=False), name="entry_of_person"),
            models.Index(fields=["insurer", "year", "measure", "id"], name="entry_of_measure"),
        ]

    def __str__(self) -> str:
        return f"строка {self.place} списка {self.roll_id}"

    @property
    def given_birth_on(self) -> date | None:
        """The day of birth as the list has it."""
        written = (self.given or {}).get("birth_on")
        return date.fromisoformat(written) if written else None


class Reported(OfRoll):
    """Контакт, о котором сообщил партнёр: informed or asked elsewhere. Never made from anything but such a report."""

    channel = models.CharField("способ", max_length=12, choices=Channel)
    purpose = models.CharField("зачем", max_length=16, choices=Purpose)
    on = models.DateField("когда", null=True)
    sequence = models.CharField("первичное или повторное", max_length=6, choices=Sequence, blank=True, default="")
    outcome = models.CharField("итог", max_length=16, choices=Outcome, blank=True, default="")
    reason = models.CharField("почему не пришли", max_length=16, choices=Reason, blank=True, default="")
    note = models.CharField("примечание", max_length=300, blank=True, default="")

    class Meta:
        verbose_name = "контакт у партнёра"
        verbose_name_plural = "контакты у партнёров"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "measure", "channel", "purpose", "on", "outcome", "reason"],
                nulls_distinct=False,
                name="reported_once",
            ),
        ]

    def __str__(self) -> str:
        return f"контакт у партнёра {self.pk}"


class Visit(OfRoll):
    """Факт посещения: the person came. ``roll`` is the list that said so.

    ``on`` is the day it was over, ``began_on`` the first day where the list tells it apart: touches before that day
    may have brought him. ``corrected_by`` is the list by which the partner took this fact back: the row stays, the
    fact does not stand until somebody tells of it again.
    """

    year = models.PositiveSmallIntegerField("год")
    on = models.DateField("когда")
    began_on = models.DateField("когда начал", null=True)
    corrected_by = models.BigIntegerField("каким списком исправлено", null=True)
    result = models.CharField("результат", max_length=20, blank=True, default="")

    class Meta:
        verbose_name = "посещение"
        verbose_name_plural = "посещения"
        constraints = [
            models.UniqueConstraint(fields=["person", "measure", "on"], name="visit_once"),
            models.CheckConstraint(condition=Q(began_on=None) | Q(began_on__lte=F("on")), name="visit_begins_first"),
            models.CheckConstraint(condition=Q(person__isnull=False), name="visit_has_person"),
        ]
        indexes = [models.Index(fields=["year", "measure", "person"], name="visit_of_year")]

    def __str__(self) -> str:
        return f"посещение {self.pk}"


class Volume(models.Model):
    """План-график: how many people of a clinic in a month (None — the year), by area of the clinic where named."""

    roll = models.ForeignKey(Roll, models.PROTECT, related_name="volumes", verbose_name="список")
    territory = models.CharField("территория", max_length=5)
    provider = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="клиника")
    insurer = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", db_index=False)
    measure = models.CharField("повод", max_length=16, choices=Measure)
    group = models.CharField("группа", max_length=8, blank=True, default="")
    year = models.PositiveSmallIntegerField("год")
    month = models.PositiveSmallIntegerField("месяц", null=True)
    area = models.CharField("участок", max_length=20, blank=True, default="")
    quantity = models.PositiveIntegerField("человек")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "объём плана"
        verbose_name_plural = "объёмы плана"
        constraints = [
            models.UniqueConstraint(
                fields=["roll", "provider", "measure", "group", "year", "month", "area"],
                nulls_distinct=False,
                name="volume_once",
            ),
        ]

    def __str__(self) -> str:
        return f"план {self.provider_id} {self.measure} {self.year}"
