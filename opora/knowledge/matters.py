"""What of this room needs a look: registered with ``opora.shared.attention`` in ``apps.py``."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from opora.knowledge.deciding import keeps_common
from opora.knowledge.models import AnswerCard
from opora.organisations.models import Employee
from opora.shared.attention import MANY, Few, Matter

SOON = timedelta(days=30)


def to_approve(employee: Employee) -> Iterator[Matter]:
    """Wordings of others that wait for her."""
    waiting = AnswerCard.objects.accessible_to(employee).filter(status=AnswerCard.Status.SUBMITTED, withdrawn_at=None)
    found = list(waiting.exclude(text__by=employee).order_by("-territory").values_list("territory", flat=True)[:MANY])
    if "" in found and not keeps_common(employee):
        found = [territory for territory in found if territory]
    if number := Few(len(found)):
        yield Matter("now", f"Ответы на утверждении: {number}", f"{reverse('knowledge:list')}?state=submitted")


def hidden_or_old(employee: Employee) -> Iterator[Matter]:
    """Cards whose day of review has come, and those that hide themselves within a month with no new wording in hand."""
    today = timezone.localdate()
    old = Q(review_on__lte=today)
    ending = Q(text=F("approved"), approved__valid_until__range=(today, today + SOON))
    rows = AnswerCard.objects.accessible_to(employee).filter(old | ending, withdrawn_at=None, approved__isnull=False)
    found = list(rows.values_list("review_on", "approved__valid_until", "territory").order_by()[: MANY * 2])
    if not all(territory for *_, territory in found) and not keeps_common(employee):
        found = [row for row in found if row[2]]
    address = reverse("knowledge:list")
    if number := Few(min(MANY, sum(day is not None and day <= today for day, *_ in found))):
        yield Matter("today", f"Ответы пора пересмотреть: {number}", f"{address}?state=review")
    if number := Few(min(MANY, sum(last is not None and today <= last <= today + SOON for _, last, _ in found))):
        yield Matter("today", f"Ответы перестанут действовать в этом месяце: {number}", address)
