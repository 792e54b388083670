"""What of the room needs a look now, on the desk of who may do it."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone

from opora.complaints.models import Case, Claim, Control, RecordsRequest
from opora.complaints.words import ControlState, RequestState
from opora.organisations.models import Employee
from opora.shared.attention import Matter, few

AWAITED = (RequestState.ASKED, RequestState.RETURNED)


def overdue(employee: Employee) -> Iterator[Matter]:
    """Cases whose clinic is late, and new ones nobody has looked at."""
    today = timezone.localdate()
    board = reverse("complaints:board")
    cases = Case.objects.accessible_to(employee).open()
    if late := few(cases.filter(due_on__lt=today)):
        yield Matter("late", f"Жалобы с прошедшим сроком: {late}", f"{board}?due=late")
    if new := few(cases.filter(stage="opened")):
        yield Matter("today", f"Жалобы без решения об экспертизе: {new}", f"{board}?stage=opened")


def asked_of_clinic(employee: Employee) -> Iterator[Matter]:
    """What insurers and the fund wait for from a clinic."""
    inbox = reverse("complaints:inbox")
    today = timezone.localdate()
    requests = RecordsRequest.objects.accessible_to(employee).filter(state__in=AWAITED)
    if late := few(requests.filter(due_on__lt=today)):
        yield Matter("late", f"Запросы документов с прошедшим сроком: {late}", inbox)
    if new := few(requests.filter(due_on__gte=today)):
        yield Matter("today", f"Запросы документов: {new}", inbox)
    if acts := few(Control.objects.accessible_to(employee).filter(state=ControlState.HANDED)):
        yield Matter("today", f"Акты на подпись: {acts}", inbox)


def claims_to_decide(employee: Employee) -> Iterator[Matter]:
    claims = Claim.objects.accessible_to(employee).filter(decision="")
    if waiting := few(claims):
        late = claims.filter(due_on__lt=timezone.localdate()).exists()
        yield Matter("late" if late else "today", f"Претензии клиник: {waiting}", reverse("complaints:claims"))
