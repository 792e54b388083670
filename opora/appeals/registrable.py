"""What a new appeal is refused for: not told whole, given where it cannot go, closed where it may not be closed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from opora.access.errors import RightMissing
from opora.access.rights import Right
from opora.appeals import places, policies, rules
from opora.appeals.actor import Actor, responsible_for
from opora.appeals.errors import ON_INSURER, NeedsApproval, NoSuchPlace, NotComplete, NotYours
from opora.appeals.models.appeal import NO_ANSWER_NEEDED
from opora.appeals.places import Target
from opora.classifiers.words import Kind, Origin, Responsible, Standing
from opora.organisations.models import Employee

if TYPE_CHECKING:
    from opora.appeals.intake import Closing, NewAppeal

APPROVED_FIRST = (
    "Ответ на такое обращение сначала утверждает руководитель. Зарегистрируйте его без закрытия, "
    "ответ отправьте на утверждение."
)


def check(new: NewAppeal, actor: Actor, now: datetime, *, form: str, by: Employee | Any) -> None:
    """Raises NotComplete; of where it goes NoSuchPlace, ToTheAccused; of a closing RightMissing, NeedsApproval,
    NotYours and what ``rules.check_outcome`` raises.
    """
    _check_whole(new, now, form)
    _check_not_own_judge(new, actor)
    _check_place(new, actor)
    if new.closing is not None:
        _check_may_close(new, new.closing, actor, by)


def _check_whole(new: NewAppeal, now: datetime, form: str) -> None:
    if new.kind not in new.topic.kinds:
        raise NotComplete(f"Тема «{new.topic.title}» не бывает у обращений этого вида. Выберите другую тему.")
    if new.received_at is not None and new.received_at > now:
        raise NotComplete("Обращение не может поступить в будущем. Проверьте дату поступления.")
    if new.origin == Origin.OTHER and not new.origin_name.strip():
        raise NotComplete("Назовите организацию, от которой пришло обращение.")
    if new.reasons and new.kind != Kind.COMPLAINT:
        raise NotComplete("Причины указывают только у жалобы.")
    if any(Kind.COMPLAINT not in reason.topic.kinds for reason in new.reasons):
        raise NotComplete("Среди причин есть тема, которая не бывает причиной жалобы.")
    roles = [party.role for party in new.parties]
    if len(set(roles)) != len(roles):
        raise NotComplete("Каждый участник указывается один раз: заявитель, о ком обращение, представитель.")
    if new.closing is not None:
        _check_closing(new, new.closing, form)


def _check_not_own_judge(new: NewAppeal, actor: Actor) -> None:
    """A complaint on an insurer goes to the fund from the first second. Source: 59-FZ art. 8 part 6 (not verified)."""
    if new.kind != Kind.COMPLAINT or new.leaves_at_once:
        return
    topics = (new.topic, *(reason.topic for reason in new.reasons))
    is_insurers = responsible_for(new.handler or actor.organisation) == Responsible.INSURER
    if is_insurers and any(topic.is_on_insurer for topic in topics):
        raise NotComplete(ON_INSURER)


def _check_closing(new: NewAppeal, closing: Closing, form: str) -> None:
    if not closing.outcome:
        raise NotComplete("Укажите исход, чтобы закрыть обращение.")
    rules.check_outcome(
        closing.outcome, kind=new.kind, channel=new.channel, form=form, is_outside=False, why=closing.why
    )
    asks_verdict = new.kind == Kind.COMPLAINT and closing.outcome not in NO_ANSWER_NEEDED
    if asks_verdict and not closing.verdict:
        raise NotComplete("Укажите, обоснована ли жалоба.")
    if closing.verdict and new.kind != Kind.COMPLAINT:
        raise NotComplete("Решение об обоснованности принимают только по жалобе.")
    if new.standing != Standing.ANONYMOUS and closing.outcome not in NO_ANSWER_NEEDED and not closing.answer.strip():
        raise NotComplete("Запишите ответ, который вы дали, или выберите карточку ответа.")


def _check_place(new: NewAppeal, actor: Actor) -> None:
    """Who is to answer exists and works, in this territory, and is not who is complained about: as in a hand-over.

    Raises NoSuchPlace, ToTheAccused, NotYours.
    """
    if new.handler is None and new.line is None and new.owner_id is None:
        return
    given = new.handler or actor.organisation
    is_ours = (given.parent_id or given.pk) == actor.holder
    owner = None
    if new.owner_id is not None and (owner := Employee.objects.filter(pk=new.owner_id).first()) is None:
        raise NoSuchPlace("Такого сотрудника нет. Выберите другого.")
    line = new.line or (None if owner or not is_ours else actor.line)
    places.place_of(Target(handler=given, line=line, owner=owner), actor.organisation)
    if is_ours:
        return
    if new.closing is not None:
        raise NotYours("Закрывает обращение тот, кто за него отвечает: передайте его без закрытия.")
    places.check_here(given, actor.territory)
    if new.kind == Kind.COMPLAINT:
        providers = {reason.provider_id for reason in new.reasons if reason.provider_id is not None}
        places.check_none_accused(given, providers, [reason.provider_name for reason in new.reasons])


def may_close_at_once(actor: Actor, kind: str, *, by: Employee | Any) -> bool:
    """Say whether an appeal of a kind may be answered and closed in the breath in which it is registered."""
    return by.holds(Right.APPEALS_CLOSE) and not policies.needs_approval(actor.holder, kind)


def _check_may_close(new: NewAppeal, closing: Closing, actor: Actor, by: Employee | Any) -> None:
    """Raises RightMissing; NeedsApproval for an answer that a second person reads before it is given."""
    if not by.holds(Right.APPEALS_CLOSE):
        raise RightMissing(right=Right.APPEALS_CLOSE)
    if closing.outcome not in NO_ANSWER_NEEDED and policies.needs_approval(actor.holder, new.kind):
        raise NeedsApproval(APPROVED_FIRST)
