"""What of the room needs a look now, on the desk of who may do it."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone

from opora.complaints.models import Case, Claim, Control, RecordsRequest
from opora.complaints.words import ControlState, RequestState
from opora.organisations.models import Employee
from opora.shared.attention import MANY, Few, Matter, few

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
    """What insurers and the fund wait for from a clinic. Two queries."""
    inbox = reverse("complaints:inbox")
    today = timezone.localdate()
    requests = RecordsRequest.objects.accessible_to(employee).filter(state__in=AWAITED).order_by("due_on")
    days = list(requests.values_list("due_on", "remind_on")[:MANY])
    late = sum(due < today for due, _ in days)
    soon = sum(due >= today and since is not None and since <= today for due, since in days)
    for state, words, number in (
        ("late", "Запросы документов с прошедшим сроком", late),
        ("today", "Скоро срок ответа на запросы документов", soon),
        ("now", "Запросы документов", len(days) - late - soon),
    ):
        if number:
            yield Matter(state, f"{words}: {Few(number)}", inbox)
    if acts := few(Control.objects.accessible_to(employee).filter(state=ControlState.HANDED)):
        yield Matter("today", f"Акты на подпись: {acts}", inbox)


def claims_to_decide(employee: Employee) -> Iterator[Matter]:
    claims = Claim.objects.accessible_to(employee).filter(decision="")
    if waiting := few(claims):
        late = claims.filter(due_on__lt=timezone.localdate()).exists()
        yield Matter("late" if late else "today", f"Претензии клиник: {waiting}", reverse("complaints:claims"))
