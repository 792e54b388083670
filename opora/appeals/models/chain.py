"""The chain of each organisation: events in commit order, each link holding the hash of the one before."""

from django.db import models

from opora.shared.triggers import append_only


class Unchained(models.Model):
    """An event that waits for its place. A trigger on events writes it; the chainer takes it away."""

    pk = models.CompositePrimaryKey("at", "id")
    at = models.DateTimeField()
    id = models.UUIDField()
    organisation_id = models.BigIntegerField()

    class Meta:
        verbose_name = "событие без места в цепочке"
        verbose_name_plural = "события без места в цепочке"

    def __str__(self) -> str:
        return f"{self.at} {self.id}"


class ChainLink(models.Model):
    """The place of one event: ``hash`` = sha256(hash of the previous ‖ digest of the event ‖ position)."""

    pk = models.CompositePrimaryKey("organisation_id", "position")
    organisation_id = models.BigIntegerField()
    position = models.BigIntegerField()
    event_at = models.DateTimeField()
    event_id = models.UUIDField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        verbose_name = "звено цепочки"
        verbose_name_plural = "звенья цепочек"
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.organisation_id}/{self.position}"


class ChainHead(models.Model):
    """Where the chain of an organisation ends now. Locked by the chainer, by nobody else."""

    organisation_id = models.BigIntegerField(primary_key=True)
    position = models.BigIntegerField(default=0)
    hash = models.BinaryField(max_length=32)

    class Meta:
        verbose_name = "конец цепочки"
        verbose_name_plural = "концы цепочек"

    def __str__(self) -> str:
        return f"{self.organisation_id}: {self.position}"


class DailyHead(models.Model):
    """The end of a chain at the end of a day: what organisations give each other so that neither can rewrite."""

    pk = models.CompositePrimaryKey("organisation_id", "on")
    organisation_id = models.BigIntegerField()
    on = models.DateField()
    position = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)
    is_foreign = models.BooleanField("получен от партнёра", default=False)

    class Meta:
        verbose_name = "конец цепочки за день"
        verbose_name_plural = "концы цепочек по дням"
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.on}: {self.position}"
