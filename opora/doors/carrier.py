"""What the journal asks before an answer leaves by a door from the card of an appeal: see ``appeals.channels``."""

from __future__ import annotations

from opora.appeals.errors import ChannelRefused
from opora.appeals.models import Answer, Appeal
from opora.doors.models import Thread
from opora.doors.services.replying import LONGEST

TOO_LONG = f"Ответ длиннее {LONGEST} знаков: той дверью, через которую писал человек, он не уйдёт. Сократите его."


def carries(appeal: Appeal) -> bool:
    """Files go along in the correspondence itself: there she sees what the citizen gets."""
    return False


def hint(act: str) -> str:
    return ""


def takes_notices(appeal: Appeal) -> bool:
    return True


def check(appeal: Appeal, answer: Answer) -> None:
    """Raises ChannelRefused when the door would not take this answer."""
    if len(answer.text) > LONGEST and Thread.objects.filter(appeal=appeal.pk, door__is_active=True).exists():
        raise ChannelRefused(TOO_LONG)
