"""One line of the access log."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.utils import timezone

from opora.audit.purposes import Purpose
from opora.shared.triggers import append_only


class AuditLineQuerySet(models.QuerySet["AuditLine"]):
    def accessible_to(self, employee: Any) -> Self:
        """Lines of the reader's own organisation; of the whole territory for the fund."""
        scope = employee.scope
        if scope.sees == "all":
            return self
        if scope.sees == "territory":
            return self.filter(territory=scope.territory)
        return self.filter(organisation_id=scope.organisation)


class AuditLine(models.Model):
    """Who, what, when, from where, why and with what result. Partitioned by month of ``at``; a trigger refuses changes.

    Names and organisations are copied, not referenced: the line outlives them.
    """

    class Result(models.TextChoices):
        DONE = "done", "выполнено"
        REFUSED = "refused", "отказано"
        NOT_FOUND = "not_found", "не найдено"
        FAILED = "failed", "ошибка"

    pk = models.CompositePrimaryKey("at", "id")
    at = models.DateTimeField("когда", default=timezone.now)
    id = models.UUIDField()
    action = models.CharField("действие", max_length=64)
    result = models.CharField("результат", max_length=12, choices=Result, default=Result.DONE)
    purpose = models.CharField("зачем", max_length=16, choices=Purpose, blank=True, default="")
    employee_id = models.BigIntegerField(null=True)
    employee_name = models.CharField("кто", max_length=300, blank=True, default="")
    role = models.CharField("роль", max_length=64, blank=True, default="")
    organisation_id = models.BigIntegerField(null=True)
    organisation_name = models.CharField("организация", max_length=300, blank=True, default="")
    territory = models.CharField("территория", max_length=5, blank=True, default="")
    subject_kind = models.CharField("над чем", max_length=64, blank=True, default="")
    subject_id = models.CharField("номер записи", max_length=64, blank=True, default="")
    ip = models.GenericIPAddressField("откуда", null=True)
    session = models.CharField("сеанс", max_length=16, blank=True, default="")
    request_id = models.CharField("запрос", max_length=36, blank=True, default="")
    details = models.JSONField("подробности", default=dict)

    objects = AuditLineQuerySet.as_manager()

    class Meta:
        verbose_name = "строка журнала доступа"
        verbose_name_plural = "журнал доступа"
        triggers = append_only()
        indexes = [
            models.Index(fields=["organisation_id", "-at"], name="audit_by_organisation"),
            models.Index(fields=["territory", "-at"], name="audit_by_territory"),
            models.Index(fields=["employee_id", "-at"], name="audit_by_employee"),
            models.Index(fields=["subject_kind", "subject_id", "-at"], name="audit_by_subject"),
            models.Index(fields=["action", "-at"], name="audit_by_action"),
            models.Index(
                fields=["result", "-at"],
                condition=models.Q(result__in=["refused", "not_found", "failed"]),
                name="audit_by_trouble",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.action}"
