"""How to reach the person, how sure we are, and what he allowed."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from opora.insured.models.fields import tail
from opora.insured.models.person import Person


class Contact(models.Model):
    """A phone, an e-mail or a postal address, with its quality.

    ``value`` is as written; ``normalised`` is digits of the phone with the country code (``79000000000``), a lower-case
    e-mail, or empty when it could not be normalised. ``confirmed_by`` says what confirmed it; ``failures`` counts
    messages that did not arrive since it last worked (``opora.informing.quality`` weighs both each night).
    """

    class Kind(models.TextChoices):
        PHONE = "phone", "телефон"
        EMAIL = "email", "почта"
        ADDRESS = "address", "адрес"

    class PhoneKind(models.TextChoices):
        MOBILE = "mobile", "мобильный"
        LANDLINE = "landline", "городской"
        SERVICE = "service", "8-800"
        UNKNOWN = "", "не определён"

    class Owner(models.TextChoices):
        SELF = "self", "свой"
        RELATIVE = "relative", "родственника"
        REPRESENTATIVE = "representative", "законного представителя"
        UNKNOWN = "unknown", "неизвестно чей"

    class State(models.TextChoices):
        UNCONFIRMED = "unconfirmed", "не подтверждён"
        CONFIRMED = "confirmed", "подтверждён"
        WRONG = "wrong", "чужой номер"
        DEAD = "dead", "не обслуживается"

    class Source(models.TextChoices):
        REGISTER = "register", "регистр"
        INSURER = "insurer", "файл страховой"
        PROVIDER = "provider", "файл клиники"
        CALL = "call", "разговор"
        APPLICATION = "application", "заявление"
        EMPLOYEE = "employee", "сотрудник"

    class Proof(models.TextChoices):
        TALK = "talk", "разговор"
        DELIVERY = "delivery", "доставка сообщения"
        REGISTER = "", "регистр"

    person = models.ForeignKey(Person, models.CASCADE, related_name="contacts", db_index=False)
    kind = models.CharField("вид", max_length=8, choices=Kind)
    value = models.CharField("как записано", max_length=500)
    normalised = models.CharField("приведённый", max_length=254, blank=True, default="", db_collation="C")
    phone_kind = models.CharField("чей номер", max_length=8, choices=PhoneKind, blank=True, default="")
    owner = models.CharField("чей", max_length=16, choices=Owner, default=Owner.SELF)
    state = models.CharField("состояние", max_length=12, choices=State, default=State.UNCONFIRMED)
    source = models.CharField("откуда", max_length=12, choices=Source, default=Source.REGISTER)
    is_preferred = models.BooleanField("звонить сюда", default=False, db_default=False)
    confirmed_on = models.DateField("подтверждён", null=True, blank=True)
    confirmed_by = models.CharField(
        "чем подтверждён", max_length=8, choices=Proof, blank=True, default="", db_default=""
    )
    failures = models.PositiveSmallIntegerField("подряд не дошло", default=0, db_default=0)
    added_at = models.DateTimeField(db_default=Now())

    normalised_tail = tail("normalised", 254)

    class Meta:
        verbose_name = "контакт"
        verbose_name_plural = "контакты"
        ordering = ["kind", "-is_preferred", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["person", "kind", "value"], name="contact_once_per_person"),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(confirmed_on__isnull=False), name="contact_confirmed_has_date"
            ),
        ]
        indexes = [
            models.Index(fields=["normalised"], condition=~Q(normalised=""), name="contact_by_number"),
            models.Index(
                fields=["normalised_tail"], condition=Q(kind="phone") & ~Q(normalised=""), name="contact_by_phone_tail"
            ),
        ]

    def __str__(self) -> str:
        return f"контакт {self.pk}"

    @property
    def is_usable(self) -> bool:
        return self.state in {self.State.UNCONFIRMED, self.State.CONFIRMED}


class Consent(models.Model):
    """A word of the person: may we use ``channel`` for ``purpose``. The latest decision counts; none is erased."""

    class Channel(models.TextChoices):
        CALL = "call", "звонок"
        SMS = "sms", "СМС"
        MESSENGER = "messenger", "мессенджер"
        EMAIL = "email", "почта"
        LETTER = "letter", "письмо"
        PORTAL = "portal", "Госуслуги"

    class Purpose(models.TextChoices):
        INFORMING = "informing", "информирование по закону"
        SURVEY = "survey", "опросы"
        NEWS = "news", "новости"

    person = models.ForeignKey(Person, models.CASCADE, related_name="consents", db_index=False)
    channel = models.CharField("канал", max_length=12, choices=Channel)
    purpose = models.CharField("для чего", max_length=12, choices=Purpose)
    is_granted = models.BooleanField("разрешил")
    decided_on = models.DateField("когда")
    until = models.DateField("действует по", null=True, blank=True)
    source = models.CharField("откуда", max_length=12, choices=Contact.Source, default=Contact.Source.REGISTER)

    class Meta:
        verbose_name = "согласие"
        verbose_name_plural = "согласия"
        ordering = ["-decided_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("decided_on")), name="consent_runs_forward"
            ),
            models.UniqueConstraint(
                fields=["person", "channel", "purpose", "decided_on", "is_granted"], name="consent_once_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"согласие {self.pk}"
