"""What of this room needs a look: registered with ``opora.shared.attention`` in ``apps.py``."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from opora.knowledge.models import AnswerCard
from opora.organisations.models import Employee
from opora.shared.attention import Matter, few

SOON = timedelta(days=30)


def to_approve(employee: Employee) -> Iterator[Matter]:
    """Wordings of others that wait for her."""
    waiting = AnswerCard.objects.accessible_to(employee).filter(status=AnswerCard.Status.SUBMITTED, withdrawn_at=None)
    if number := few(waiting.exclude(text__by=employee)):
        yield Matter("now", f"Ответы на утверждении: {number}", f"{reverse('knowledge:list')}?state=submitted")


def soon_hidden(employee: Employee) -> Iterator[Matter]:
    """Cards that hide themselves within a month, and no new wording is in hand."""
    last = timezone.localdate() + SOON
    ending = AnswerCard.objects.accessible_to(employee).in_force(timezone.localdate())
    if number := few(ending.filter(approved__valid_until__lte=last, text=F("approved"))):
        yield Matter("today", f"Ответы перестанут действовать в этом месяце: {number}", reverse("knowledge:list"))
