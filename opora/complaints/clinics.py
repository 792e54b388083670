"""What is known of one clinic over a period: numbers, and the rows behind each of them, both as deep as one may see."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from opora.appeals.models import Reason
from opora.complaints.models import Case, Claim, Control, RecordsRequest, Violation
from opora.complaints.rules import JUSTIFIED
from opora.complaints.words import RequestState
from opora.shared.typography import day

if TYPE_CHECKING:
    from opora.organisations.models import Employee, Organisation

SHOWN = 20
AWAITED = Q(state__in=[RequestState.ASKED, RequestState.RETURNED])


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days, both inclusive."""

    since: date
    until: date

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """The first moment and the one after the last."""
        zone = timezone.get_current_timezone()
        return (
            datetime.combine(self.since, time.min, zone),
            datetime.combine(self.until + timedelta(days=1), time.min, zone),
        )

    @property
    def query(self) -> str:
        return f"since={self.since:%d.%m.%Y}&until={self.until:%d.%m.%Y}"


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose page, for whom, over which days; ``today`` decides what is late."""

    clinic: Organisation
    employee: Employee
    period: Period
    today: date = field(default_factory=timezone.localdate)


@dataclass(frozen=True, slots=True)
class Line:
    """One row behind a number."""

    number: str
    when: date
    what: str
    state: str
    amount: Any = None


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one kind: how they are found, narrowed by words of the address, and shown."""

    title: str
    find: Callable[[Asked], QuerySet[Any]]
    only: Mapping[str, tuple[str, Callable[[Asked], Q]]]
    load: tuple[str, ...]
    show: Callable[[Any], Line]


def reasons(asked: Asked) -> QuerySet[Reason]:
    first, after = asked.period.moments
    return Reason.objects.filter(
        provider=asked.clinic,
        appeal__registered_at__gte=first,
        appeal__registered_at__lt=after,
        appeal__control_case__in=Case.objects.accessible_to(asked.employee).filter(withdrawn_at=None),
    )


def requests(asked: Asked) -> QuerySet[RecordsRequest]:
    first, after = asked.period.moments
    found = RecordsRequest.objects.accessible_to(asked.employee).exclude(state=RequestState.WITHDRAWN)
    found = found.filter(provider=asked.clinic, asked_at__gte=first, asked_at__lt=after)
    return found.annotate(answered_on=TruncDate("answered_at")).exclude(case__appeal__number="")


def acts(asked: Asked) -> QuerySet[Control]:
    found = Control.objects.accessible_to(asked.employee).filter(provider=asked.clinic, handed_at__isnull=False)
    found = found.filter(act_on__range=(asked.period.since, asked.period.until), repeats=None)
    return found.annotate(answered_on=TruncDate("answered_at")).exclude(case__appeal__number="")


def violations(asked: Asked) -> QuerySet[Violation]:
    """Violations that stand in acts the clinic was given; a draft is not counted."""
    return Violation.objects.filter(control__in=acts(asked).values("pk")).exclude(is_upheld=False)


def claims(asked: Asked) -> QuerySet[Claim]:
    first, after = asked.period.moments
    found = Claim.objects.accessible_to(asked.employee).filter(provider=asked.clinic)
    found = found.filter(filed_at__gte=first, filed_at__lt=after)
    return found.exclude(control__case__appeal__number="")


def _kept(asked: Asked) -> Q:
    return Q(answered_on__lte=F("due_on"))


def _missed(asked: Asked) -> Q:
    return Q(answered_on__gt=F("due_on")) | Q(answered_at=None, due_on__lt=asked.today)


def _waiting(asked: Asked) -> Q:
    return Q(answered_at=None, due_on__gte=asked.today)


TERMS = {"kept": ("в срок", _kept), "missed": ("позже срока", _missed), "waiting": ("ждём", _waiting)}
BEHIND: dict[str, Rows] = {
    "complaints": Rows(
        "Жалобы",
        reasons,
        {
            "justified": ("обоснованы", lambda asked: Q(verdict__in=JUSTIFIED)),
            "unjustified": ("не обоснованы", lambda asked: ~Q(verdict__in=[*JUSTIFIED, ""])),
            "undecided": ("без решения", lambda asked: Q(verdict="")),
        },
        ("appeal", "topic"),
        lambda row: Line(
            row.appeal.number,
            timezone.localdate(row.appeal.registered_at),
            row.topic.title,
            row.get_verdict_display() if row.verdict else "решения нет",
        ),
    ),
    "requests": Rows(
        "Запросы документов",
        requests,
        TERMS,
        ("case__appeal",),
        lambda row: Line(
            row.case.appeal.number,
            timezone.localdate(row.asked_at),
            f"Запрос {row.number}, ответить до {day(row.due_on)}",
            row.get_state_display(),
        ),
    ),
    "acts": Rows(
        "Акты",
        acts,
        TERMS,
        ("case__appeal",),
        lambda row: Line(
            row.case.appeal.number,
            row.act_on,
            f"{row.get_kind_display()}, акт {row.act_number}",
            row.get_state_display(),
        ),
    ),
    "violations": Rows(
        "Нарушения",
        violations,
        {},
        ("control__case__appeal",),
        lambda row: Line(
            row.control.case.appeal.number,
            row.control.act_on,
            f"{row.code} {row.title}",
            f"акт {row.control.act_number}",
            row.nonpay + row.fine,
        ),
    ),
    "claims": Rows(
        "Претензии клиники",
        claims,
        {
            "justified": ("обоснованы", lambda asked: Q(decision="justified")),
            "partly": ("обоснованы частично", lambda asked: Q(decision="partly")),
            "unjustified": ("не обоснованы", lambda asked: Q(decision="unjustified")),
            "undecided": ("на рассмотрении", lambda asked: Q(decision="")),
        },
        ("control__case__appeal",),
        lambda row: Line(
            row.control.case.appeal.number,
            timezone.localdate(row.filed_at),
            f"Претензия {row.number} на акт {row.control.act_number}",
            row.get_decision_display() if row.decision else "на рассмотрении",
        ),
    ),
}


def behind(asked: Asked, what: str, *, only: str = "", code: str = "") -> QuerySet[Any]:
    """Return the rows behind a number; ``code`` is that of a topic or of a violation. One query a page."""
    rows = BEHIND[what]
    found = rows.find(asked)
    if only in rows.only:
        found = found.filter(rows.only[only][1](asked))
    if code and what == "complaints":
        found = found.filter(topic_code=code)
    if code and what == "violations":
        found = found.filter(code=code)
    return found.select_related(*rows.load)


def figures(asked: Asked) -> dict[str, Any]:
    """Return the numbers of the page, each with the words of the address that open its rows. Seven queries."""
    by_reason = reasons(asked).values("topic_code", "topic__title")
    by_code = violations(asked).values("code", "title")
    sums = violations(asked).aggregate(nonpay=Sum("nonpay", default=0), fine=Sum("fine", default=0))
    return {
        "groups": [
            (rows, BEHIND[rows].title, _counted(asked, rows)) for rows in ("complaints", "requests", "acts", "claims")
        ],
        "reasons": list(
            by_reason.annotate(number=Count("pk"), justified=Count("pk", filter=Q(verdict__in=JUSTIFIED))).order_by(
                "-number", "topic_code"
            )[:SHOWN]
        ),
        "violations": list(
            by_code.annotate(number=Count("pk"), nonpay=Sum("nonpay"), fine=Sum("fine")).order_by("-number", "code")[
                :SHOWN
            ]
        ),
        **sums,
    }


def _counted(asked: Asked, what: str) -> list[tuple[str, str, int]]:
    """Return the number of all rows and of each kind of them: word of the address, its name, how many."""
    rows = BEHIND[what]
    parts = {word: Count("pk", filter=narrow(asked)) for word, (_, narrow) in rows.only.items()}
    found = rows.find(asked).aggregate(all=Count("pk"), **parts)
    return [("", "всего", found["all"]), *((word, name, found[word]) for word, (name, _) in rows.only.items())]
