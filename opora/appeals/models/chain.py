"""The chain of each organisation: events in commit order, each link holding the hash of the one before."""

from django.db import models

from opora.audit.services import uuid7
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


class NextTurn(models.Func):
    """The next turn: one sequence for the chains of all organisations."""

    template = "nextval('appeals_chainlink_turn_seq'::regclass)"
    output_field = models.BigIntegerField()


class ChainLink(models.Model):
    """The place of one event: ``hash`` = sha256(hash of the previous ‖ digest of the event ‖ position)."""

    pk = models.CompositePrimaryKey("organisation_id", "position")
    organisation_id = models.BigIntegerField()
    position = models.BigIntegerField()
    event_at = models.DateTimeField()
    event_id = models.UUIDField()
    hash = models.BinaryField(max_length=32)
    turn = models.BigIntegerField("очередь", unique=True, editable=False, db_default=NextTurn())

    class Meta:
        verbose_name = "звено цепочки"
        verbose_name_plural = "звенья цепочек"
        triggers = append_only()
        constraints = [models.UniqueConstraint(fields=["event_at", "event_id"], name="chain_place_once")]

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


class Verification(models.Model):
    """One finished check of the history: who asked, what was looked at, what was found. Nobody corrects a result."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation_id = models.BigIntegerField("организация", null=True)
    territory = models.CharField("территория", max_length=5, blank=True, default="")
    started_at = models.DateTimeField("начата")
    finished_at = models.DateTimeField("закончена")
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField("кто", max_length=300, blank=True, default="")
    is_clean = models.BooleanField("всё сошлось")
    events = models.BigIntegerField("событий", default=0)
    heads = models.JSONField("концы цепочек", default=list)
    findings = models.JSONField("находки", default=list)

    class Meta:
        verbose_name = "проверка журнала"
        verbose_name_plural = "проверки журнала"
        ordering = ["-id"]
        triggers = append_only()
        indexes = [models.Index(fields=["territory", "-id"], name="verification_of_territory")]

    def __str__(self) -> str:
        return f"проверка {self.started_at:%Y-%m-%d %H:%M}"
