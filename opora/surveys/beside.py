"""The question at the end of a talk, on the card of an appeal and where it has just been registered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from opora.appeals.beside import Beside
from opora.surveys import after_talk

if TYPE_CHECKING:
    from opora.appeals.models import Appeal
    from opora.organisations.models import Employee


def question_after_talk(appeal: Appeal, employee: Employee) -> Beside | None:
    """Return where the question is, while somebody asks after talks. One query for a fresh talk, else none."""
    if not after_talk.is_of_talk(appeal, employee) or after_talk.round_for(employee) is None:
        return None
    piece = reverse("surveys:after-talk", args=[appeal.number])
    return Beside("Оценка разговора", "", "message", "", piece=piece, is_of_talk=True)
