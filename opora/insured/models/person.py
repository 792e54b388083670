"""The insured person and what identifies him."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from opora.insured.models.fields import name_key, tail
from opora.organisations.models import Organisation, ScopedQuerySet, Territory
from opora.organisations.models.organisation import check_time_zone


class PersonQuerySet(ScopedQuerySet):
    """People her organisation answers for."""


class Person(models.Model):
    """Застрахованное лицо. ``insurer`` and ``provider`` are the fold of policies and attachments as of today
    (a trigger keeps them); ``*_key`` and ``*_tail`` serve the search. ``version`` guards against lost updates.
    """

    class Sex(models.IntegerChoices):
        MALE = 1, "мужской"
        FEMALE = 2, "женский"

    territory = models.ForeignKey(Territory, models.PROTECT, db_index=False, verbose_name="территория страхования")
    surname = models.CharField("фамилия", max_length=100, blank=True, default="")
    given_name = models.CharField("имя", max_length=100, blank=True, default="")
    patronymic = models.CharField("отчество", max_length=100, blank=True, default="")
    birth_on = models.DateField("дата рождения")
    sex = models.PositiveSmallIntegerField("пол", choices=Sex)
    died_on = models.DateField("дата смерти", null=True, blank=True)
    enp = models.CharField("ЕНП", max_length=16, null=True, blank=True, db_collation="C")
    enp_is_confirmed = models.BooleanField("контрольная цифра ЕНП сходится", default=True)
    snils = models.CharField("СНИЛС", max_length=11, null=True, blank=True, db_collation="C")
    insurer = models.ForeignKey(
        Organisation, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="страховая"
    )
    provider = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", verbose_name="клиника")
    language = models.CharField("язык", max_length=8, default="ru")
    time_zone = models.CharField("часовой пояс", max_length=64, blank=True, default="", validators=[check_time_zone])
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    surname_key = name_key("surname")
    given_key = name_key("given_name")
    patronymic_key = name_key("patronymic")
    enp_tail = tail("enp", 16)
    snils_tail = tail("snils", 11)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = "застрахованный"
        verbose_name_plural = "застрахованные"
        constraints = [
            models.UniqueConstraint(fields=["enp"], name="person_enp_once"),
            models.CheckConstraint(condition=Q(enp=None) | Q(enp__regex=r"^\d{16}$"), name="person_enp_is_16_digits"),
            models.CheckConstraint(
                condition=Q(snils=None) | Q(snils__regex=r"^\d{11}$"), name="person_snils_is_11_digits"
            ),
            models.CheckConstraint(condition=~Q(surname="", given_name=""), name="person_has_a_name"),
            models.CheckConstraint(condition=Q(sex__in=(1, 2)), name="person_sex_known"),
            models.CheckConstraint(
                condition=Q(died_on=None) | Q(died_on__gte=F("birth_on")), name="person_dies_after_birth"
            ),
        ]
        indexes = [
            models.Index(fields=["birth_on", "surname_key", "given_key"], name="person_by_birth"),
            models.Index(fields=["surname_key", "given_key", "birth_on"], name="person_by_name"),
            # Names stand behind the ends of numbers: one ending is carried by hundreds, a name beside it leaves a few.
            models.Index(fields=["enp_tail", "surname_key", "given_key"], name="person_by_enp_tail_and_name"),
            models.Index(fields=["snils"], name="person_by_snils"),
            models.Index(fields=["snils_tail", "surname_key", "given_key"], name="person_by_snils_tail_and_name"),
        ]

    def __str__(self) -> str:
        return f"застрахованный {self.pk}"

    @property
    def full_name(self) -> str:
        return " ".join(part for part in (self.surname, self.given_name, self.patronymic) if part)

    @property
    def short_name(self) -> str:
        initials = " ".join(f"{part[0]}." for part in (self.given_name, self.patronymic) if part)
        return f"{self.surname} {initials}".strip()

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone or self.territory.time_zone)


class FormerName(models.Model):
    """A name the person had before; search finds him by it."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="former_names", db_index=False)
    surname = models.CharField("фамилия", max_length=100, blank=True, default="")
    given_name = models.CharField("имя", max_length=100, blank=True, default="")
    patronymic = models.CharField("отчество", max_length=100, blank=True, default="")
    until = models.DateField("носил до", null=True, blank=True)

    surname_key = name_key("surname")
    given_key = name_key("given_name")

    class Meta:
        verbose_name = "прежнее имя"
        verbose_name_plural = "прежние имена"
        ordering = ["-until", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "surname", "given_name", "patronymic"], name="former_name_once_per_person"
            ),
        ]
        indexes = [models.Index(fields=["surname_key", "given_key"], name="former_name_by_name")]

    def __str__(self) -> str:
        return f"прежнее имя {self.pk}"


class IdentityDocument(models.Model):
    """A paper that proves who he is; ``kind`` is a code of F011."""

    class Kind(models.TextChoices):
        BIRTH_CERTIFICATE = "3", "Свидетельство о рождении"
        FOREIGN_PASSPORT = "9", "Паспорт иностранного гражданина"
        REFUGEE_APPLICATION = "10", "Свидетельство о рассмотрении ходатайства беженца"
        RESIDENCE_PERMIT = "11", "Вид на жительство"
        REFUGEE_CERTIFICATE = "12", "Удостоверение беженца"
        TEMPORARY_CARD = "13", "Временное удостоверение личности"
        PASSPORT = "14", "Паспорт гражданина РФ"
        PASSPORT_ABROAD = "15", "Заграничный паспорт"
        OTHER = "18", "Иной документ"
        FOREIGN_CITIZEN = "21", "Документ иностранного гражданина"
        STATELESS = "22", "Документ лица без гражданства"
        TEMPORARY_RESIDENCE = "23", "Разрешение на временное проживание"
        FOREIGN_BIRTH_CERTIFICATE = "24", "Свидетельство о рождении, выданное не в РФ"
        TEMPORARY_ASYLUM = "25", "Свидетельство о временном убежище"

    person = models.ForeignKey(Person, models.CASCADE, related_name="documents", db_index=False)
    kind = models.CharField("документ", max_length=2, choices=Kind)
    series = models.CharField("серия", max_length=20, blank=True, default="")
    number = models.CharField("номер", max_length=30, db_collation="C")
    issued_on = models.DateField("выдан", null=True, blank=True)
    issuer = models.CharField("кем выдан", max_length=500, blank=True, default="")
    is_current = models.BooleanField("действует", default=True, db_default=True)

    class Meta:
        verbose_name = "документ"
        verbose_name_plural = "документы"
        ordering = ["-is_current", "-issued_on", "pk"]
        constraints = [models.UniqueConstraint(fields=["person", "kind", "series", "number"], name="document_once")]
        indexes = [models.Index(fields=["number"], name="document_by_number")]

    def __str__(self) -> str:
        return f"документ {self.pk}"


class PersonCategory(models.Model):
    """What gives the person rights of his own or asks for care in the talk."""

    class Code(models.TextChoices):
        DISABLED_1 = "disabled_1", "инвалид I группы"
        DISABLED_2 = "disabled_2", "инвалид II группы"
        DISABLED_3 = "disabled_3", "инвалид III группы"
        DISABLED_CHILD = "disabled_child", "ребёнок-инвалид"
        LIMITED_MOBILITY = "limited_mobility", "маломобильный"
        LARGE_FAMILY = "large_family", "многодетная семья"
        WAR_VETERAN = "war_veteran", "ветеран войны"
        COMBAT_VETERAN = "combat_veteran", "ветеран боевых действий"
        WAR_INVALID = "war_invalid", "инвалид войны"
        COMBAT_INVALID = "combat_invalid", "инвалид боевых действий"
        SIEGE_SURVIVOR = "siege_survivor", "житель блокадного Ленинграда"
        CAMP_SURVIVOR = "camp_survivor", "бывший несовершеннолетний узник"
        LABOUR_VETERAN = "labour_veteran", "ветеран труда"
        PRE_PENSION = "pre_pension", "работает, до пенсии не больше пяти лет"
        WORKING_PENSIONER = "working_pensioner", "работающий пенсионер"
        LONELY = "lonely", "одиноко проживает"
        HARD_OF_HEARING = "hard_of_hearing", "плохо слышит"
        LOW_VISION = "low_vision", "плохо видит"

    person = models.ForeignKey(Person, models.CASCADE, related_name="categories", db_index=False)
    code = models.CharField("категория", max_length=20, choices=Code)
    since = models.DateField("с", null=True, blank=True)
    until = models.DateField("по", null=True, blank=True)

    class Meta:
        verbose_name = "категория"
        verbose_name_plural = "категории"
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["person", "code"], name="category_once"),
            models.CheckConstraint(
                condition=Q(since=None) | Q(until=None) | Q(until__gte=F("since")), name="category_runs_forward"
            ),
        ]

    def __str__(self) -> str:
        return self.get_code_display()
