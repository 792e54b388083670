"""People of an appeal, and what exactly a complaint is about."""

from django.db import models
from django.db.models import Q

from opora.appeals.models.appeal import Appeal
from opora.appeals.words import PartyRole
from opora.classifiers.models import Topic
from opora.classifiers.words import Verdict
from opora.insured.models import Person
from opora.organisations.models import Organisation


class Party(models.Model):
    """Заявитель, тот, о ком обращение, или представитель: as he called himself, and the insured person if he was found.

    ``phone`` is normalised (+7…), ``identified_how`` is empty for somebody who was not identified.
    """

    appeal = models.ForeignKey(Appeal, models.PROTECT, db_index=False, related_name="parties")
    role = models.CharField("кто это", max_length=10, choices=PartyRole)
    person = models.ForeignKey(Person, models.PROTECT, null=True, db_index=False, related_name="+")
    surname = models.CharField("фамилия", max_length=100, blank=True, default="")
    given_name = models.CharField("имя", max_length=100, blank=True, default="")
    patronymic = models.CharField("отчество", max_length=100, blank=True, default="")
    birth_on = models.DateField("дата рождения", null=True)
    enp = models.CharField("ЕНП", max_length=16, blank=True, default="", db_collation="C")
    insurer = models.ForeignKey(
        Organisation, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="страховая"
    )
    document_type = models.CharField("вид документа", max_length=2, blank=True, default="")
    document_series = models.CharField("серия", max_length=12, blank=True, default="")
    document_number = models.CharField("номер документа", max_length=20, blank=True, default="")
    phone = models.CharField("телефон", max_length=20, blank=True, default="", db_collation="C")
    email = models.CharField("почта", max_length=254, blank=True, default="")
    address = models.CharField("адрес", max_length=500, blank=True, default="")
    basis = models.CharField("на каком основании", max_length=200, blank=True, default="")
    identified_how = models.CharField("как установлен", max_length=40, blank=True, default="")

    class Meta:
        verbose_name = "участник обращения"
        verbose_name_plural = "участники обращений"
        constraints = [models.UniqueConstraint(fields=["appeal", "role"], name="party_role_once")]
        indexes = [
            models.Index(fields=["person", "appeal"], condition=Q(person__isnull=False), name="party_by_person"),
            models.Index(fields=["phone", "appeal"], condition=~Q(phone=""), name="party_by_phone"),
            models.Index(fields=["enp", "appeal"], condition=~Q(enp=""), name="party_by_enp"),
        ]

    def __str__(self) -> str:
        return f"{self.role} обращения {self.appeal_id}"

    @property
    def full_name(self) -> str:
        return " ".join(part for part in (self.surname, self.given_name, self.patronymic) if part)

    @property
    def short_name(self) -> str:
        initials = " ".join(f"{part[0]}." for part in (self.given_name, self.patronymic) if part)
        return f"{self.surname} {initials}".strip()


class Reason(models.Model):
    """One reason of a complaint, with the clinic it concerns. Form ПГ counts complaints and reasons apart."""

    appeal = models.ForeignKey(Appeal, models.PROTECT, related_name="reasons")
    topic = models.ForeignKey(Topic, models.PROTECT, db_index=False, related_name="+", verbose_name="причина")
    topic_code = models.CharField("код причины", max_length=14)
    provider = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", verbose_name="клиника")
    provider_name = models.CharField("клиника словами", max_length=200, blank=True, default="")
    note = models.CharField("уточнение", max_length=500, blank=True, default="")
    details = models.JSONField("признаки", default=dict, blank=True)
    verdict = models.CharField("решение", max_length=12, choices=Verdict, blank=True, default="")

    class Meta:
        verbose_name = "причина жалобы"
        verbose_name_plural = "причины жалоб"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.topic_code} обращения {self.appeal_id}"
