"""The page asks, the process that hears the exchange carries out: once, in its term, or never."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.audit.services import record
from opora.live.news import News, publish
from opora.shared.sql import question
from opora.telephony.errors import CannotDial, NotInTalk, NotSeated, NotYourCall, NowhereToGo
from opora.telephony.models import Agent, Call, Command, Line
from opora.telephony.words import Act, Answer, Now

if TYPE_CHECKING:
    from opora.organisations.models import Employee

SQL = Path(__file__).parent.parent / "sql"
CHANNEL = "opora_telephony"
TERM = timedelta(seconds=10)  # a button pressed longer ago is not what she wants any more
STATE_TERM = timedelta(minutes=2)
UNKNOWN_AFTER = timedelta(seconds=30)
KEPT = timedelta(days=7)
WHY = "the exchange is told what employees ask"
OVER = "АТС не успела: команда не выполнена. Сделайте это на аппарате."
LOST = "Ответа АТС нет: посмотрите, что на аппарате."
GONE = "Этот звонок уже не у вас."
NUMBER = range(10, 16)  # digits of a number that may be dialled
REFERENCE = re.compile(r"[a-z]+-[0-9a-f-]{1,40}")  # «task-7»; anything else would be variables of the exchange

_take = question(SQL, "take_commands")


@dataclass(frozen=True, slots=True)
class Order:
    """A command as the exchange needs it; ``call`` is its id there. ``is_held`` — the citizen hears music by hand."""

    id: str
    act: str
    agent: str
    call: str
    target: str
    word: str
    reference: str
    aside: tuple[str, ...]
    is_held: bool


@transaction.atomic
def ask_about_call(act: Act, call: Call, *, to: str = "", warm: bool = False, by: Employee) -> Command:
    """Ask for something about a call that is hers now. Raises NotSeated, NotYourCall, NotInTalk, NowhereToGo."""
    agent = _seat(by)
    if not _hers(call, agent):
        raise NotYourCall
    _check(act, call, agent)
    if act == Act.TRANSFER:
        to = _goal(to, agent)
    record(f"telephony.{act}", call, by=by)
    return _ask(act, agent, by, call=call, target=to, word="warm" if warm else "")


@transaction.atomic
def dial(number: str, reference: str = "", *, by: Employee) -> Command:
    """Let the exchange ring her telephone, then the number (digits). Raises NotSeated, CannotDial."""
    agent = _seat(by)
    reference = reference if REFERENCE.fullmatch(reference) else ""
    digits = "".join(sign for sign in number if sign.isascii() and sign.isdecimal())
    if len(digits) == 11 and digits[0] == "8":
        digits = f"7{digits[1:]}"
    if len(digits) not in NUMBER or Call.objects.at(agent).exists():
        raise CannotDial
    record("telephony.dial", by=by, details={"reference": reference})
    return _ask(Act.DIAL, agent, by, target=digits, reference=reference)


def tell_state(agent: Agent, word: str, *, by: Employee) -> None:
    """Let the exchange know what she does: «ready», or why no calls go to her. The newest word alone counts."""
    older = Command.objects.filter(pbx=agent.pbx, extension=agent.extension, act=Act.STATE, answer=Answer.WAITING)
    older.update(answer=Answer.EXPIRED, done_at=timezone.now(), target="")
    _ask(Act.STATE, agent, by, word=word, term=STATE_TERM)


def take_orders(pbx: str) -> list[Order]:
    """Take the commands that wait for an exchange, each of them once; those that are late or not hers are refused."""
    with enter(Scope.system(WHY)):
        _give_up_late(Command.objects.all())
        taken = [row.id for row in _take(pbx=pbx)]
        if not taken:
            return []
        orders = []
        commands = Command.objects.filter(pk__in=taken).select_related("call").order_by("asked_at", "pk")
        for command in commands:
            if command.call and not _hers(command.call, Agent(pbx=pbx, extension=command.extension)):
                _answer(command, Answer.REFUSED, GONE)
            else:
                orders.append(_order(command))
        return orders


def answer_order(order: Order, sentence: str = "", *, refused: bool = False) -> None:
    """Write down what the exchange said, and let her page know."""
    with enter(Scope.system(WHY)):
        command = Command.objects.select_for_update().get(pk=order.id)
        _answer(command, Answer.REFUSED if refused else Answer.DONE, sentence)
        employee = command.employee_id
    publish([News((f"emp:{employee}",), "command", {"id": order.id})])


def look(command: Command) -> Command:
    """Return a command with its answer; one whose term is over becomes «expired», so that nobody takes it."""
    if command.done_at is None:
        mine = Command.objects.filter(pk=command.pk)
        _give_up_late(mine)
        _give_up_lost(mine)
        command.refresh_from_db()
    return command


def forget_commands() -> int:
    """Give up what has no answer, and forget commands of a week ago."""
    with enter(Scope.system(WHY)):
        _give_up_late(Command.objects.all())
        _give_up_lost(Command.objects.all())
        return Command.objects.filter(asked_at__lt=timezone.now() - KEPT).delete()[0]


def _seat(by: Employee) -> Agent:
    agent = Agent.objects.select_for_update().filter(employee=by).first()
    if agent is None:
        raise NotSeated
    return agent


def _hers(call: Call, agent: Agent) -> bool:
    return Call.objects.at(agent).filter(pk=call.pk).exists()


def _check(act: Act, call: Call, agent: Agent) -> None:
    talks = call.extension == agent.extension and call.now in {Now.TALKING, Now.HELD}
    asks = bool(call.aside or call.ringing)
    fits = {
        Act.HOLD: talks and call.now == Now.TALKING,
        Act.RESUME: talks and call.now == Now.HELD and not asks,
        Act.TRANSFER: talks and call.now == Now.TALKING,
        Act.JOIN: talks and bool(call.aside),
        Act.BACK: talks and asks,
        Act.HANGUP: True,
        Act.KEEP: talks and not asks,
    }
    if not fits[act]:
        raise NotInTalk


def _goal(to: str, agent: Agent) -> str:
    """Return an extension or a line of the organisation she may hand a call over to."""
    colleagues = Agent.objects.filter(organisation=agent.organisation_id, pbx=agent.pbx, employee__isnull=False)
    if to != agent.extension and colleagues.filter(extension=to).exists():
        return to
    lines = Line.objects.filter(organisation=agent.organisation_id, pbx=agent.pbx, closed_on=None, level__gt=1)
    if lines.filter(number=to).exists():
        return to
    raise NowhereToGo


def _ask(act: Act, agent: Agent, by: Employee, *, term: timedelta = TERM, **given: object) -> Command:
    now = timezone.now()
    command = Command.objects.create(
        organisation_id=agent.organisation_id,
        employee=by,
        pbx=agent.pbx,
        extension=agent.extension,
        act=act,
        asked_at=now,
        expires_at=now + term,
        **given,
    )
    transaction.on_commit(lambda: _wake(agent.pbx))
    return command


def _wake(pbx: str) -> None:
    """After the commit: a NOTIFY holds a lock of the whole database while its transaction commits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, pbx])


def _order(command: Command) -> Order:
    call = command.call
    return Order(
        id=str(command.pk),
        act=command.act,
        agent=command.extension,
        call=call.call if call else "",
        target=command.target,
        word=command.word,
        reference=command.reference,
        aside=tuple(filter(None, [call.aside, *call.ringing])) if call else (),
        is_held=bool(call and call.now == Now.HELD and not call.aside and not call.ringing),
    )


def _answer(command: Command, answer: Answer, sentence: str) -> None:
    command.answer, command.sentence, command.done_at, command.target = answer, sentence[:200], timezone.now(), ""
    command.save(update_fields=["answer", "sentence", "done_at", "target"])


def _give_up_late(found: QuerySet[Command]) -> None:
    """Nobody took it in time, and nobody will."""
    now = timezone.now()
    late = found.filter(answer=Answer.WAITING, expires_at__lte=now)
    late.update(answer=Answer.EXPIRED, sentence=OVER, done_at=now, target="")


def _give_up_lost(found: QuerySet[Command]) -> None:
    """It was taken, and who took it has never said what came of it."""
    now = timezone.now()
    lost = found.filter(answer=Answer.TAKEN, expires_at__lte=now - UNKNOWN_AFTER)
    lost.update(answer=Answer.LOST, sentence=LOST, done_at=now, target="")
