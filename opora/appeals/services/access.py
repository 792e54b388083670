"""Sight given and taken by hand; sight that follows from work is never taken."""

from __future__ import annotations

from uuid import UUID

from opora.access.scope import Scope, enter
from opora.appeals.errors import NoSuchPlace
from opora.appeals.models import Appeal, Grant
from opora.appeals.rules import Command
from opora.appeals.services._change import By, changing, words
from opora.appeals.services._grants import let_see
from opora.appeals.visibility import NOTHING
from opora.appeals.words import Depth, EventKind, GrantReason
from opora.organisations.models import Organisation

TAKEN_BACK = (GrantReason.BY_HAND, GrantReason.ADDRESSED, GrantReason.INSURER)


def grant_access(
    appeal_id: UUID,
    *,
    organisation: Organisation,
    depth1: int,
    depth2: int,
    depth3: int,
    why: str,
    by: By,
    version: int | None = None,
) -> Appeal:
    """Let another organisation of the territory see an appeal, for a reason. What it sees already stays."""
    with changing(appeal_id, Command.GRANT, by=by, version=version) as step:
        text = words(why, "Напишите, почему открываете доступ.")
        holder = organisation.parent or organisation
        if organisation.territory_id != step.appeal.territory_id:
            raise NoSuchPlace("Доступ открывают организациям своего региона.")
        depths = (int(Depth(depth1)), int(Depth(depth2)), int(Depth(depth3)))
        let_see(step.appeal, holder, GrantReason.BY_HAND, step.now, depths=depths)
        step.tell(EventKind.GRANTED, text, organisation=holder.pk, depths=list(depths))
    return step.appeal


def revoke_access(
    appeal_id: UUID, *, organisation: Organisation, why: str, by: By, version: int | None = None
) -> Appeal:
    """Take back what was given by hand or with a letter. Raises NoSuchPlace for who registered or works on it."""
    with changing(appeal_id, Command.REVOKE, by=by, version=version) as step:
        text = words(why, "Напишите, почему закрываете доступ.")
        holder = organisation.parent or organisation
        reason = _reason(step.appeal, holder)
        let_see(step.appeal, holder, reason, step.now, depths=NOTHING, exactly=True)
        step.tell(EventKind.REVOKED, text, organisation=holder.pk)
    return step.appeal


def _reason(appeal: Appeal, holder: Organisation) -> GrantReason:
    with enter(Scope.system("a grant of another organisation is taken back")):
        found = Grant.objects.filter(appeal=appeal, organisation=holder).values_list("reason", flat=True).first()
    if found is None:
        raise NoSuchPlace(f"«{holder.name}» и так не видит это обращение.")
    if found not in TAKEN_BACK or holder.pk == appeal.handler_id:
        raise NoSuchPlace(f"«{holder.name}» ведёт или вела это обращение: доступ остаётся.")
    return GrantReason(found)
