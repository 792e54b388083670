"""A partner's program, its one-time keys and its sessions. Of keys and sessions only the hash is kept."""

from __future__ import annotations

import hashlib
import ipaddress
import secrets
import uuid
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models

from opora.access.rights import Right
from opora.access.scope import Scope, Sees
from opora.audit.purposes import Purpose
from opora.audit.services import uuid7
from opora.organisations.models import Assignment, Employee, Organisation

MAY_BE_GIVEN = [
    Right.INSURED_SEARCH,
    Right.INSURED_VIEW,
    Right.CLASSIFIERS_VIEW,
    Right.APPEALS_VIEW,
    Right.APPEALS_REGISTER,
    Right.APPEALS_HANDLE,
    Right.APPEALS_CLOSE,
    Right.APPEALS_REOPEN,
    Right.EXCHANGE_VIEW,
    Right.EXCHANGE_IMPORT,
]


def check_network(text: str) -> None:
    try:
        ipaddress.ip_network(text)
    except ValueError as fault:
        raise ValidationError(f"Это не сеть: «{text}». Пример: 10.20.0.0/16 или 10.20.0.7.") from fault


class ApiPartnerQuerySet(models.QuerySet["ApiPartner"]):
    def accessible_to(self, employee: Employee) -> Self:
        """Programs of the organisations she manages."""
        if employee.scope.sees == Sees.ALL:
            return self
        return self.filter(organisation__in=Organisation.objects.manageable_by(employee))


class ApiPartner(models.Model):
    """An outside program that works for ``organisation`` and sees no more than its people do."""

    name = models.CharField("название", max_length=200)
    organisation = models.ForeignKey(Organisation, models.PROTECT, verbose_name="работает за")
    rights = ArrayField(
        models.CharField(max_length=64, choices=[(str(right), right.label) for right in MAY_BE_GIVEN]),
        verbose_name="что может",
    )
    purpose = models.CharField(
        "зачем", max_length=16, choices=Purpose, help_text="Останется в журнале рядом с каждым чтением."
    )
    networks = ArrayField(
        models.CharField(max_length=43, validators=[check_network]),
        verbose_name="откуда",
        default=list,
        blank=True,
        help_text="Сети через запятую, например 10.20.0.0/16. Пусто — отовсюду.",
    )
    per_minute = models.PositiveIntegerField(
        "запросов в минуту", default=6000, help_text="Больше — ответ 429. Считает каждый процесс веб-сервера."
    )
    is_active = models.BooleanField("может входить", default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ApiPartnerQuerySet.as_manager()

    class Meta:
        verbose_name = "внешняя система"
        verbose_name_plural = "внешние системы"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name"],
                name="partner_name_once",
                violation_error_message="У этой организации уже есть внешняя система с таким названием.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def may_come_from(self, address: str | None) -> bool:
        if not self.networks:
            return True
        try:
            place = ipaddress.ip_address(address or "")
        except ValueError:
            return False
        return any(place in ipaddress.ip_network(network) for network in self.networks)


class Secret(models.Model):
    """What both kinds of keys share."""

    PREFIX: ClassVar[str]

    digest = models.CharField(max_length=64, unique=True)
    family = models.UUIDField(default=uuid.uuid4)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField("действует до")
    revoked_at = models.DateTimeField("отозван", null=True)

    class Meta:
        abstract = True

    @classmethod
    def new(cls) -> tuple[str, str]:
        """Return a secret to be shown once and its hash. 256 random bits need no slow hash."""
        text = cls.PREFIX + secrets.token_urlsafe(32)
        return text, cls.digest_of(text)

    @staticmethod
    def digest_of(text: str) -> str:
        return hashlib.sha256(text.encode()).hexdigest()


class OneTimeKey(Secret):
    """Good for one exchange for a session; the answer carries the next key of the same family."""

    PREFIX = "opora-key-"

    partner = models.ForeignKey(ApiPartner, models.CASCADE, related_name="keys")
    used_at = models.DateTimeField("использован", null=True)

    class Meta:
        indexes = [models.Index(fields=["family"], name="partner_keys_of_family")]

    def __str__(self) -> str:
        return f"key {self.pk}"


class PartnerSession(Secret):
    """A bearer of half an hour."""

    PREFIX = "opora-session-"

    partner = models.ForeignKey(ApiPartner, models.CASCADE, related_name="sessions")

    class Meta:
        indexes = [models.Index(fields=["family"], name="partner_sessions_of_family")]

    def __str__(self) -> str:
        return f"session {self.pk}"


class KeptAnswer(models.Model):
    """What a request under a key was answered; the same request under it is answered so again. Kept for a month."""

    partner = models.ForeignKey(ApiPartner, models.CASCADE, related_name="kept_answers")
    key = models.CharField("ключ запроса", max_length=100)
    asked = models.CharField("отпечаток запроса", max_length=64)
    status = models.PositiveSmallIntegerField("код ответа", default=0)
    answer = models.JSONField("ответ", default=dict)
    kept_at = models.DateTimeField("когда")
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)

    class Meta:
        verbose_name = "ответ внешней системе"
        verbose_name_plural = "ответы внешним системам"
        constraints = [models.UniqueConstraint(fields=["partner", "key"], name="kept_answer_once")]
        indexes = [models.Index(fields=["kept_at"], name="kept_answer_by_age")]

    def __str__(self) -> str:
        return f"answer {self.pk}"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who stands behind a request of the API: ``request.auth``. Knows ``holds`` and ``scope`` like an employee."""

    partner: ApiPartner
    is_authenticated: bool = True

    def holds(self, right: Right | str) -> bool:
        return self.partner.is_active and right in MAY_BE_GIVEN and right in self.partner.rights

    @property
    def scope(self) -> Scope:
        return Assignment(organisation=self.partner.organisation).scope

    @property
    def purpose(self) -> str:
        return self.partner.purpose

    @property
    def audit_witness(self) -> dict[str, Any]:
        """What the access log keeps of it: no employee, the organisation it works for."""
        organisation = self.partner.organisation
        return {
            "employee_name": f"API: {self.partner.name}"[:300],
            "role": f"partner:{self.partner.pk}",
            "organisation_id": organisation.pk,
            "organisation_name": organisation.name,
            "territory": organisation.territory_id,
        }
