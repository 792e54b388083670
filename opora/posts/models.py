"""What came from the tablets of posts, and the keys it was sealed to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from opora.audit.services import uuid7
from opora.organisations.models.scoped import ScopedQuerySet

if TYPE_CHECKING:
    from typing import Self

    from opora.organisations.models import Employee


class Seal(models.Model):
    """Пара ключей организации: tablets seal to ``public``; ``private`` is sealed by a key derived from SECRET_KEY."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    territory = models.CharField(max_length=5)
    insurer = models.ForeignKey("organisations.Organisation", models.PROTECT, null=True, related_name="+")
    public = models.CharField(max_length=100)
    private = models.TextField()
    made_at = models.DateTimeField(auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "ключ постов"
        verbose_name_plural = "ключи постов"
        ordering = ["-id"]

    def __str__(self) -> str:
        return str(self.id)


class RecordQuerySet(ScopedQuerySet):
    def accessible_to(self, employee: Employee) -> Self:
        """Records of her organisation's posts; a clinic sees none."""
        if employee.assignment is None or employee.scope.provider:
            return self.none()
        return super().accessible_to(employee)

    def in_trouble(self) -> Self:
        return self.filter(appeal=None, settled_at=None)


class Record(models.Model):
    """Запись с поста. ``key`` was born on the tablet, so one that is sent twice is written once.

    ``at`` is the moment by the server's clock, ``device_at`` what the tablet showed. A record that could not be
    registered keeps what was typed in ``body`` and says why in ``trouble`` until somebody settles it.
    """

    key = models.UUIDField(primary_key=True, editable=False)
    territory = models.CharField(max_length=5)
    insurer = models.ForeignKey("organisations.Organisation", models.PROTECT, null=True, related_name="+")
    post = models.ForeignKey("organisations.Post", models.SET_NULL, null=True, related_name="+", verbose_name="пост")
    employee = models.ForeignKey("organisations.Employee", models.PROTECT, related_name="+", verbose_name="кто принял")
    at = models.DateTimeField("когда")
    device_at = models.DateTimeField("по часам планшета", null=True)
    received_at = models.DateTimeField("дошла", auto_now_add=True)
    appeal = models.ForeignKey("appeals.Appeal", models.PROTECT, null=True, related_name="+", verbose_name="обращение")
    number = models.CharField("номер", max_length=40, blank=True, default="")
    trouble = models.CharField("почему не зарегистрирована", max_length=500, blank=True, default="")
    body = models.JSONField("что записано", default=dict, blank=True)
    settled_at = models.DateTimeField("разобрана", null=True)
    settled_by = models.ForeignKey("organisations.Employee", models.PROTECT, null=True, related_name="+")

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = "запись поста"
        verbose_name_plural = "записи постов"
        ordering = ["-at", "-key"]
        constraints = [
            models.CheckConstraint(
                condition=Q(appeal=None, trouble__gt="") | Q(appeal__isnull=False, trouble="", number__gt=""),
                name="record_is_registered_or_says_why",
            ),
            models.CheckConstraint(condition=Q(settled_at=None) | Q(body={}), name="record_settled_is_empty"),
        ]
        indexes = [
            models.Index(fields=["territory", "insurer", "-at", "-key"], name="record_latest"),
            models.Index(fields=["insurer"], name="record_in_trouble", condition=Q(appeal=None, settled_at=None)),
        ]

    def __str__(self) -> str:
        return self.number or str(self.key)
