"""By which way an answer may leave: rules are a dated pack, first match refuses; then who carries it may refuse.

channels.carry(Channel.FEEDBACK, carrier)  # a room above takes answers of this channel to the citizen itself
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Protocol

from django.utils import timezone

from opora.appeals.errors import ChannelRefused
from opora.appeals.models import Answer, Appeal
from opora.appeals.packs import newest
from opora.appeals.words import AnswerKind, PartyRole
from opora.classifiers.words import Channel


@dataclass(frozen=True, slots=True)
class Refusal:
    """One line of the pack. An empty condition fits all; dates are those of the answer, both inclusive."""

    answer: frozenset[str]
    came_by: frozenset[str]
    standing: frozenset[str]
    since: date
    until: date
    why: str


class Carrier(Protocol):
    """A room above that takes answers of a channel to the citizen itself; it hears of them as of all events."""

    def carries(self, appeal: Appeal) -> bool:
        """Tell whether it carries answers of this appeal: then files may go along."""

    def hint(self, appeal: Appeal, act: str) -> str:
        """Return what stands above the form of an act, by its code, that leaves by this way as well; else nothing."""

    def takes_notices(self, appeal: Appeal) -> bool:
        """Tell whether a notice may leave by the channel; one it does not carry is none of its business: True."""

    def check(self, appeal: Appeal, answer: Answer) -> None:
        """Raises ChannelRefused when this answer cannot leave so; one it does not carry is none of its business."""


_carriers: dict[str, Carrier] = {}


def carry(channel: Channel, carrier: Carrier) -> None:
    """Ask ``carrier`` of every answer of a channel. Registered in its ``apps.py``."""
    _carriers[channel] = carrier


def carries_files(appeal: Appeal) -> bool:
    """Tell whether files may go along with an answer by the channel the appeal came by."""
    carrier = _carriers.get(appeal.channel)
    return carrier is not None and carrier.carries(appeal)


def check(appeal: Appeal, channel: str, answer: Answer) -> None:
    """Raises ChannelRefused with the reason of the pack or of who carries it, or where there is no address."""
    if channel not in Channel.values:
        raise ChannelRefused("Выберите, как отправить ответ.")
    why = refusal(channel, came_by=appeal.channel, standing=appeal.standing, on=timezone.localdate())
    if why:
        raise ChannelRefused(why)
    if channel == Channel.EMAIL and not _has_email(appeal):
        raise ChannelRefused("У заявителя не записана почта. Запишите её или выберите другой способ.")
    if carrier := _carriers.get(channel):
        carrier.check(appeal, answer)


def back(appeal: Appeal) -> str:
    """Return the way a notice leaves: the one the appeal came by where that is allowed, else the post."""
    on = timezone.localdate()
    refused = refusal(appeal.channel, came_by=appeal.channel, standing=appeal.standing, on=on)
    carrier = _carriers.get(appeal.channel)
    return Channel.POST if refused or (carrier and not carrier.takes_notices(appeal)) else appeal.channel


def check_notice(appeal: Appeal, channel: str, text: str) -> None:
    """Raises ChannelRefused where who carries it would not take these words."""
    if carrier := _carriers.get(channel):
        carrier.check(appeal, Answer(kind=AnswerKind.NOTICE, text=text))


def hint(appeal: Appeal, act: str) -> str:
    """Return what happens outside when an act is done, empty where nothing does."""
    carrier = _carriers.get(appeal.channel)
    said = carrier.hint(appeal, act) if carrier else ""
    return said if said and carrier and carrier.carries(appeal) else ""


def refusal(answer: str, *, came_by: str, standing: str, on: date) -> str:
    """Return why an answer may not leave this way, or nothing."""
    for line in refusals():
        fits = answer in line.answer and (not line.came_by or came_by in line.came_by)
        if fits and (not line.standing or standing in line.standing) and line.since <= on <= line.until:
            return line.why
    return ""


@cache
def refusals() -> tuple[Refusal, ...]:
    """Return the lines of the newest pack."""
    content = newest("answer-channels")
    return tuple(
        Refusal(
            answer=frozenset(line["answer"]),
            came_by=frozenset(line.get("came_by", ())),
            standing=frozenset(line.get("standing", ())),
            since=date.fromisoformat(line["since"]) if line["since"] else date.min,
            until=date.fromisoformat(line["until"]) if line["until"] else date.max,
            why=line["why"],
        )
        for line in content["refused"]
    )


def _has_email(appeal: Appeal) -> bool:
    return appeal.parties.filter(role__in=[PartyRole.APPLICANT, PartyRole.PROXY]).exclude(email="").exists()
