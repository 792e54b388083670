"""What of this room needs a look: registered with ``opora.shared.attention`` in ``apps.py``."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone

from opora.organisations import queries
from opora.organisations.models import Employee, Organisation
from opora.shared.attention import Matter, few
from opora.shared.typography import near_day

SHOWN = 5


def locked_out(employee: Employee) -> Iterator[Matter]:
    """Colleagues who cannot enter after ten failures: only an administrator can help."""
    found = list(queries.locked(employee)[: SHOWN + 1])
    for person in found[:SHOWN]:
        url = reverse("organisations:employee", args=[person.pk])
        yield Matter("late", f"{person.short_name} не может войти", url, "10 неудачных попыток подряд")
    if len(found) > SHOWN:
        yield Matter("late", "Не могут войти и другие", f"{reverse('organisations:employees')}?state=locked")


def assignments_end(employee: Employee) -> Iterator[Matter]:
    """Assignments that run out within two weeks."""
    today = timezone.localdate()
    found = list(queries.ending_soon(employee)[: SHOWN + 1])
    for assignment in found[:SHOWN]:
        url = reverse("organisations:employee", args=[assignment.employee_id])
        last = near_day(assignment.until, today) if assignment.until else ""
        state = "today" if assignment.until == today else "now"
        yield Matter(state, f"{assignment.employee.short_name}: последний день — {last}", url, str(assignment))
    if len(found) > SHOWN:
        yield Matter("now", "Скоро закончатся и другие назначения", reverse("organisations:employees"))


def own_assignment_ends(employee: Employee) -> Iterator[Matter]:
    """Her own assignment runs out: she should know before she cannot enter."""
    today = timezone.localdate()
    until = employee.assignment.until if employee.assignment else None
    if until is not None and until <= today + queries.SOON:
        text = f"Ваше назначение действует по {until:%d.%m.%Y}"
        yield Matter("today", text, reverse("assignment"), "Если работа продолжается, скажите администратору.")


def hours_unknown(employee: Employee) -> Iterator[Matter]:
    """Working clinics and insurers whose hours nobody has typed: operators cannot answer when they are open."""
    managed = Organisation.objects.manageable_by(employee).current()
    silent = managed.filter(working_hours=None, sites__working_hours=None).exclude(kind=Organisation.Kind.AUTHORITY)
    if number := few(silent):
        first = silent.first() if number.number == 1 else None
        url = reverse("organisations:card", args=[first.pk]) if first else reverse("organisations:list")
        yield Matter("now", f"Не указаны часы работы: {number}", url, str(first or ""))
