"""Questions of the room: alarms to look at, findings with their state, one finding with everything around it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from opora.access.scope import Sees
from opora.appeals.beside import Beside
from opora.appeals.models import Appeal
from opora.findings import radar, rules
from opora.findings.models import NOBODY, Alarm, Day, Finding, FindingEvent, Watch
from opora.findings.rules import Change
from opora.findings.words import What

if TYPE_CHECKING:
    from opora.organisations.models import Employee, Organisation

ONE_IN = 1 / rules.RATE
PAST = 27  # weeks of the picture of an alarm


@dataclass(frozen=True, slots=True)
class AlarmShown:
    """An alarm with its words and the weeks before it."""

    alarm: Alarm
    subject: str
    weeks: list[int]
    query: str

    @property
    def times(self) -> float:
        return self.alarm.number / max(self.alarm.expected, 0.1)


@dataclass(slots=True)
class FindingShown:
    """Everything the page of a finding shows."""

    finding: Finding
    gathered: list[Appeal]
    hidden: int
    events: list[FindingEvent]
    change: Change | None
    today: date = field(default_factory=timezone.localdate)


def watcher(employee: Employee) -> int:
    """Return whose alarms are hers: her insurer's, else those of the whole territory."""
    scope = employee.scope
    return scope.insurer or NOBODY if scope.sees == Sees.INSURER else NOBODY


def alarms(employee: Employee) -> QuerySet[Alarm]:
    """Alarms of what her organisation watches, the newest week first."""
    found: QuerySet[Alarm] = Alarm.objects.accessible_to(employee).filter(insurer_id=watcher(employee))
    return found.select_related("provider", "looked_by").order_by("-week", "chance", "pk")


def last_watch(employee: Employee) -> Watch | None:
    """The newest week that was tested for her."""
    found: QuerySet[Watch] = Watch.objects.accessible_to(employee).filter(insurer_id=watcher(employee))
    return found.order_by("-week").first()


def shown_alarms(found: list[Alarm], employee: Employee) -> list[AlarmShown]:
    """Return alarms with their words and weeks: one query for topics, one for all weeks."""
    titles = radar.topic_words({alarm.code for alarm in found if alarm.what == What.TOPIC})
    weeks = _weeks(found, employee)
    return [
        AlarmShown(
            alarm=alarm,
            subject=titles.get(alarm.code) or radar.subject(alarm.what, alarm.code, alarm.territory),
            weeks=weeks[alarm.pk],
            query=radar.Asked(alarm.week, alarm.until, alarm.insurer_id or None, alarm.provider_id).query(
                what=alarm.what, code=alarm.code, over="1" if alarm.what == What.WAIT else ""
            ),
        )
        for alarm in found
    ]


def findings(employee: Employee, *, state: str = "open", provider: int | None = None) -> QuerySet[Finding]:
    """Findings she may see; ``state`` — open, closed or one of the stages."""
    found: QuerySet[Finding] = Finding.objects.accessible_to(employee).select_related("provider", "insurer")
    if provider is not None:
        found = found.filter(provider=provider)
    if state in {"open", "closed"}:
        return found.filter(closed_at__isnull=state == "open")
    return found.filter(stage=state)


def of_id(finding_id: UUID, employee: Employee) -> Finding | None:
    rows = Finding.objects.accessible_to(employee)
    related = ("provider", "insurer", "made_by", "opened_by", "signed_by", "alarm", "bundle")
    return rows.select_related(*related).filter(pk=finding_id).first()


def shown(finding: Finding, employee: Employee) -> FindingShown:
    """Read the page of a finding. Four queries."""
    keys = list(finding.gathered.values_list("appeal_id", flat=True))
    seen = Appeal.objects.accessible_to(employee).filter(pk__in=keys).select_related("topic", "handler")
    gathered = list(seen.order_by("-registered_at", "pk"))
    change = None
    if finding.trend and None not in (finding.before, finding.after):
        change = rules.change(
            finding.before or 0, finding.before_days or 0, finding.after or 0, finding.after_days or 0
        )
    events = list(finding.events.select_related("organisation")[:200])
    return FindingShown(finding, gathered, len(keys) - len(gathered), events, change)


def link_of_clinic(clinic: Organisation, employee: Employee) -> Beside | None:
    """The way from the page of a clinic to its findings; one query."""
    rows = Finding.objects.accessible_to(employee).filter(provider=clinic)
    counts = rows.aggregate(all=Count("pk"), open=Count("pk", filter=Q(closed_at=None)))
    if not counts["all"]:
        return None
    is_open = counts["open"] > 0
    address = f"{reverse('findings:list')}?provider={clinic.pk}" + ("" if is_open else "&state=closed")
    words = f"открыто {counts['open']}" if is_open else f"завершено {counts['all']}"
    return Beside("Системные нарушения", address, "chart-bar", "4", "now" if is_open else "done", words)


def _weeks(found: list[Alarm], employee: Employee) -> dict[int, list[int]]:
    """Return for each alarm the counts of the weeks before it and its own. One query for all of them."""
    if not found:
        return {}
    first = min(alarm.week for alarm in found) - timedelta(weeks=PAST - 1)
    last = max(alarm.until for alarm in found)
    days = Day.objects.accessible_to(employee).filter(
        day__gte=first, day__lte=last, provider_id__in={alarm.provider_id for alarm in found}
    )
    counted: dict[tuple[int, str, str], list[tuple[int, date, int]]] = {}
    for insurer, provider, what, code, day, number, over in days.values_list(
        "insurer_id", "provider_id", "what", "code", "day", "number", "over"
    ):
        counted.setdefault((provider, what, code), []).append((insurer, day, over if what == What.WAIT else number))
    return {alarm.pk: _told(alarm, counted.get(_key(alarm), [])) for alarm in found}


def _told(alarm: Alarm, rows: list[tuple[int, date, int]]) -> list[int]:
    since, weeks = alarm.week - timedelta(weeks=PAST - 1), [0] * PAST
    for insurer, day, number in rows:
        if alarm.insurer_id in {NOBODY, insurer} and since <= day <= alarm.until:
            weeks[(day - since).days // 7] += number
    return weeks


def _key(alarm: Alarm) -> tuple[int, str, str]:
    return alarm.provider_id, alarm.what, alarm.code
