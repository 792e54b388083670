"""By which way an answer may leave: rules are a dated pack, first match refuses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from django.utils import timezone

from opora.appeals.errors import ChannelRefused
from opora.appeals.models import Appeal
from opora.appeals.packs import newest
from opora.appeals.words import PartyRole
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


def check(appeal: Appeal, channel: str) -> None:
    """Raises ChannelRefused with the reason of the pack, or when there is no address to send to."""
    if channel not in Channel.values:
        raise ChannelRefused("Выберите, как отправить ответ.")
    why = refusal(channel, came_by=appeal.channel, standing=appeal.standing, on=timezone.localdate())
    if why:
        raise ChannelRefused(why)
    if channel == Channel.EMAIL and not _has_email(appeal):
        raise ChannelRefused("У заявителя не записана почта. Запишите её или выберите другой способ.")


def back(appeal: Appeal) -> str:
    """Return the way a notice leaves: the one the appeal came by where that is allowed, else the post."""
    on = timezone.localdate()
    refused = refusal(appeal.channel, came_by=appeal.channel, standing=appeal.standing, on=on)
    return Channel.POST if refused else appeal.channel


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
