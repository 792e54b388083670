"""What of the register needs a look: registered with ``opora.shared.attention`` in ``apps.py``."""

from collections.abc import Iterator
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from opora.insured.models import ImportRun, MatchTask
from opora.organisations.models import Employee
from opora.shared.attention import Matter, few

RECENT = timedelta(days=3)
SHOWN = 3


def rows_to_match(employee: Employee) -> Iterator[Matter]:
    """Rows of files that wait for a person to say who it is; the partial index of the work list, at most a hundred."""
    if number := few(MatchTask.objects.accessible_to(employee).open()):
        more = "программа не угадывает, кто это: решаете вы"
        yield Matter("today", f"Ждут разбора строк: {number}", reverse("insured:matches"), more)


def loads(employee: Employee) -> Iterator[Matter]:
    """Loads that are running, and those of the last days that went wrong."""
    since = timezone.now() - RECENT
    for run in ImportRun.objects.accessible_to(employee).filter(created_at__gte=since).order_by("-id")[: SHOWN * 3]:
        url = reverse("insured:import", args=[run.pk])
        if run.state in (ImportRun.State.REFUSED, ImportRun.State.BROKEN):
            yield Matter("late", f"Файл {run.file_name} {run.get_state_display()}", url, run.refusal)
        elif not run.is_finished:
            yield Matter("now", f"Файл {run.file_name}: {run.get_state_display()}", url)
