"""Two tables that may be lost with a crash: news of the last two minutes, and who has which card open."""

from django.db import models
from django.db.models.functions import Now

from opora.organisations.models import Employee


class Kept(models.Model):
    """A batch of news as it was told. Unlogged; its numbers are not reused after a crash."""

    at = models.DateTimeField(db_default=Now())
    body = models.TextField()

    class Meta:
        verbose_name = "новости"
        verbose_name_plural = "новости"

    def __str__(self) -> str:
        return f"{self.pk}"


class Presence(models.Model):
    """An employee has the card ``subject`` (a channel's name) open in one of her sessions; renewed by the page."""

    subject = models.CharField(max_length=120)
    employee = models.ForeignKey(Employee, models.DO_NOTHING, related_name="+", db_constraint=False)
    session = models.CharField(max_length=16)
    until = models.DateTimeField()

    class Meta:
        verbose_name = "открытая карточка"
        verbose_name_plural = "открытые карточки"
        constraints = [models.UniqueConstraint(fields=["subject", "employee", "session"], name="presence_once")]

    def __str__(self) -> str:
        return f"{self.employee_id} {self.subject}"
