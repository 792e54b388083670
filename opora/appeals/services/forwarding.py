"""Sending an appeal outside: the letter to who is competent, the notice to the citizen; control stays here."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from opora.access.scope import Scope, enter
from opora.appeals import channels, terms
from opora.appeals.errors import NoSuchPlace, NotComplete
from opora.appeals.intake import words_of
from opora.appeals.models import Appeal
from opora.appeals.places import check_not_accused
from opora.appeals.rules import Command
from opora.appeals.services import _clocks as clocks
from opora.appeals.services._change import By, Step, begin, changing
from opora.appeals.services._grants import let_see
from opora.appeals.services.answers import said
from opora.appeals.words import AnswerKind, EventKind, GrantReason
from opora.classifiers.words import Channel, Outside
from opora.organisations.models import Assignment, Organisation

KINDS = {
    Outside.PROVIDER: {Organisation.Kind.PROVIDER},
    Outside.AUTHORITY: {Organisation.Kind.AUTHORITY},
    Outside.INSURER: {Organisation.Kind.INSURER, Organisation.Kind.BRANCH},
    Outside.TERRITORY: set(Organisation.Kind),
}


def forward(
    appeal_id: UUID,
    *,
    outside: str,
    to_organisation: Organisation | None = None,
    to_name: str = "",
    cover_text: str,
    notice_text: str,
    by: By,
    version: int | None = None,
) -> Appeal:
    """Send an appeal to a clinic, an authority, another insurer or territory, and tell the citizen.

    An organisation of this territory whose people work here sees it from now on, as deep as the rules say. The clock
    of forwarding is judged by this act. Raises NoSuchPlace, ToTheAccused, NotComplete.
    """
    with changing(appeal_id, Command.FORWARD, by=by, version=version) as step:
        appeal = step.appeal
        name = _addressee(appeal, outside, to_organisation, to_name)
        check_not_accused(appeal, to_organisation, name)
        begin(step)
        cover = said(step, AnswerKind.COVER, cover_text, Channel.POST, to_organisation=to_organisation, to_name=name)
        if not appeal.clocks.filter(term=terms.FORWARDING).exists():
            planned = terms.plan(
                terms.FORWARDING, appeal.registered_at, appeal.territory_id, appeal.handler.zone, is_main=False
            )
            clocks.judged(appeal, planned, step.now)
        step.set(outside=str(outside), outside_at=step.now)
        details: dict[str, Any] = {"to_name": name, "cover": str(cover.pk), "said": words_of(cover.pk, cover.text)}
        if to_organisation is not None:
            details["to_organisation"] = to_organisation.pk
            if _works_here(to_organisation, appeal.territory_id):
                depths = let_see(appeal, to_organisation.parent or to_organisation, GrantReason.ADDRESSED, step.now)
                details["depths"] = list(depths)
        step.tell(EventKind.FORWARDED, **details)
        notify(step, notice_text, "Напишите, что сообщить заявителю о направлении обращения.")
    return step.appeal


def notify(step: Step, text: str, sentence: str) -> None:
    """Write the notice to the citizen, where there is one to tell. Raises NotComplete, ChannelRefused."""
    appeal = step.appeal
    if not appeal.needs_answer:
        return
    if not text.strip():
        raise NotComplete(sentence)
    channel = channels.back(appeal)
    channels.check_notice(appeal, channel, text)
    notice = said(step, AnswerKind.NOTICE, text, channel)
    said_in = words_of(notice.pk, notice.text)
    step.tell(EventKind.NOTIFIED, answer=str(notice.pk), by_channel=str(notice.channel), said=said_in)


def _addressee(appeal: Appeal, outside: str, organisation: Organisation | None, name: str) -> str:
    if outside not in Outside.values:
        raise NoSuchPlace("Выберите, куда направить: в клинику, орган власти, другую страховую или другой регион.")
    if organisation is None:
        if not name.strip():
            raise NoSuchPlace("Назовите организацию, в которую направляете обращение.")
        return name.strip()
    if organisation.kind not in KINDS[Outside(outside)]:
        raise NoSuchPlace(f"«{organisation.name}» — {organisation.get_kind_display().lower()}: выберите другой вид.")
    if (organisation.territory_id != appeal.territory_id) is not (outside == Outside.TERRITORY):
        raise NoSuchPlace(f"«{organisation.name}»: проверьте, этот ли регион.")
    if organisation.pk == appeal.handler_id:
        raise NoSuchPlace("Обращение уже ведёт эта организация.")
    return organisation.name


def _works_here(organisation: Organisation, territory: str) -> bool:
    if organisation.territory_id != territory:
        return False
    with enter(Scope.system("whether an organisation has accounts decides how a letter reaches it")):
        return Assignment.objects.current().filter(organisation=organisation, employee__is_active=True).exists()
