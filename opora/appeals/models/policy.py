"""What a territory or an organisation decides for itself: routes, sight, approval. Edited on a page."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from opora.appeals.words import Depth, GrantReason
from opora.classifiers.words import Flag, Kind, Line
from opora.organisations.models import Organisation

OTHERS = "others"  # organisations of the territory that have no grant at all


class Route(models.Model):
    """Where an appeal like this should go next. A condition left empty fits all; the lowest ``position`` comes first.

    ``person`` is whose insured the person is, seen from who asks; ``send_to`` is what to do.
    """

    class Person(models.TextChoices):
        OWN = "own", "свой застрахованный"
        OTHER = "other", "застрахован в другой страховой региона"
        ELSEWHERE = "elsewhere", "застрахован в другом регионе"

    class SendTo(models.TextChoices):
        STAY = "stay", "ответить самим по карточке"
        UP = "up", "на следующий уровень"
        EXPERT = "expert", "эксперту 3-го уровня"
        INSURER = "insurer", "в страховую человека"
        FUND = "fund", "в фонд территории"
        ELSEWHERE = "elsewhere", "в фонд другого региона письмом"
        PROVIDER = "provider", "в клинику письмом"
        AUTHORITY = "authority", "в орган власти региона письмом"

    territory = models.CharField("территория", max_length=5, blank=True, default="")
    position = models.PositiveSmallIntegerField("порядок", default=100)
    organisation_kind = models.CharField(
        "кто спрашивает", max_length=12, choices=Organisation.Kind, blank=True, default=""
    )
    level = models.PositiveSmallIntegerField("уровень", null=True, blank=True)
    kinds = ArrayField(models.CharField(max_length=16, choices=Kind), verbose_name="виды", default=list, blank=True)
    topics = ArrayField(models.CharField(max_length=14), verbose_name="темы", default=list, blank=True)
    flags = ArrayField(models.CharField(max_length=16, choices=Flag), verbose_name="признаки", default=list, blank=True)
    words = ArrayField(models.CharField(max_length=60), verbose_name="слова в тексте", default=list, blank=True)
    is_typical = models.BooleanField("типовой вопрос", null=True, blank=True)
    person = models.CharField("чей застрахованный", max_length=10, choices=Person, blank=True, default="")
    send_to = models.CharField("куда", max_length=10, choices=SendTo)
    line = models.CharField("линия", max_length=8, choices=Line, blank=True, default="")
    why = models.CharField("почему", max_length=300)
    source = models.CharField("источник", max_length=300, blank=True, default="")
    since = models.DateField("действует с")
    until = models.DateField("действует по", null=True, blank=True)

    class Meta:
        verbose_name = "маршрут"
        verbose_name_plural = "маршруты"
        ordering = ["position", "pk"]
        constraints = [models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="route_forward")]

    def __str__(self) -> str:
        return self.why

    @property
    def conditions(self) -> str:
        """Return the conditions in words, empty when there are none."""
        parts = [
            self.get_organisation_kind_display().lower(),
            f"уровень {self.level}" if self.level else "",
            self.get_person_display(),
            ", ".join(str(Kind(kind).label).lower() for kind in self.kinds),
            f"темы {', '.join(self.topics)}" if self.topics else "",
            ", ".join(str(Flag(flag).label).lower() for flag in self.flags),
            f"слова: {', '.join(self.words)}" if self.words else "",
            "" if self.is_typical is None else "типовой вопрос" if self.is_typical else "не типовой вопрос",
        ]
        return "; ".join(part for part in parts if part)


class VisibilityRule(models.Model):
    """How deep an organisation sees what it has a reason to see. An empty kind fits all; the particular rule wins.

    ``reason`` is that of a grant, or ``others``: what those without a grant may be told of an appeal by its number.
    """

    territory = models.CharField("территория", max_length=5, blank=True, default="")
    reason = models.CharField(
        "почему видит", max_length=12, choices=[*GrantReason.choices, (OTHERS, "Остальные организации территории")]
    )
    organisation_kind = models.CharField(
        "вид организации", max_length=12, choices=Organisation.Kind, blank=True, default=""
    )
    appeal_kind = models.CharField("вид обращения", max_length=16, choices=Kind, blank=True, default="")
    depth1 = models.PositiveSmallIntegerField("1-й уровень", choices=Depth)
    depth2 = models.PositiveSmallIntegerField("2-й уровень", choices=Depth)
    depth3 = models.PositiveSmallIntegerField("3-й уровень и остальные", choices=Depth)

    class Meta:
        verbose_name = "правило видимости"
        verbose_name_plural = "правила видимости"
        ordering = ["territory", "reason", "organisation_kind", "appeal_kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["territory", "reason", "organisation_kind", "appeal_kind"], name="visibility_rule_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()}: {self.depth1}/{self.depth2}/{self.depth3}"


class ApprovalRule(models.Model):
    """Whether the final answer to appeals of a kind is approved by another person before it leaves."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="организация")
    kind = models.CharField("вид обращения", max_length=16, choices=Kind)
    is_needed = models.BooleanField("утверждает руководитель")

    class Meta:
        verbose_name = "правило утверждения"
        verbose_name_plural = "правила утверждения"
        ordering = ["organisation", "kind"]
        constraints = [models.UniqueConstraint(fields=["organisation", "kind"], name="approval_rule_once")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {'да' if self.is_needed else 'нет'}"
