"""Events of an appeal as sentences: what happened, from whom to whom, until when."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from opora.appeals.models import Event
from opora.appeals.words import AnswerKind, Depth, EventKind, RelationKind
from opora.classifiers import words
from opora.organisations.models import Employee, Organisation
from opora.shared.prepared import prepared
from opora.shared.typography import day, plural

STATES = {
    EventKind.CLOSED: "done",
    EventKind.ANSWERED: "done",
    EventKind.DELIVERED: "done",
    EventKind.RETURNED: "today",
    EventKind.ANSWER_RETURNED: "today",
    EventKind.EXTENDED: "today",
    EventKind.CALLBACK_MISSED: "today",
}


MOVES = frozenset({EventKind.HANDED_OVER, EventKind.RETURNED})
# How a person may have been identified: the codes of intake, in words. Programs of partners send words of their own.
IDENTITIES = {
    "name+birth+enp": "сверены ФИО, дата рождения и ЕНП",
    "name+birth+document": "сверены ФИО, дата рождения и документ",
}
# What arrived, where it was not the answer itself.
LETTERS: Mapping[tuple[str, Any], str] = {
    (EventKind.DELIVERED, AnswerKind.INTERIM): "Промежуточный ответ доставлен",
    (EventKind.DELIVERED, AnswerKind.NOTICE): "Уведомление доставлено",
    (EventKind.DELIVERED, AnswerKind.COVER): "Сопроводительное письмо доставлено",
    (EventKind.DELIVERED, AnswerKind.REQUEST): "Запрос доставлен",
    (EventKind.DELIVERY_FAILED, AnswerKind.INTERIM): "Промежуточный ответ не доставлен",
    (EventKind.DELIVERY_FAILED, AnswerKind.NOTICE): "Уведомление не доставлено",
    (EventKind.DELIVERY_FAILED, AnswerKind.COVER): "Сопроводительное письмо не доставлено",
    (EventKind.DELIVERY_FAILED, AnswerKind.REQUEST): "Запрос не доставлен",
}


@dataclass(frozen=True, slots=True)
class Handed:
    """What came with the last hand-over: who gave it, why, and all that is known."""

    told: Told
    identity: str
    callback_at: datetime | None
    has_draft: bool
    call_id: str


@dataclass(frozen=True, slots=True)
class Names:
    """Names of organisations and employees the events speak of; a key without a name stays a general word."""

    organisations: Mapping[int, str]
    employees: Mapping[int, str]

    def organisation(self, key: Any) -> str:
        return self.organisations.get(key or 0, "другая организация")

    def employee(self, key: Any) -> str:
        return self.employees.get(key or 0, "другой сотрудник")

    def place(self, details: Mapping[str, Any], prefix: str = "") -> str:
        """«СМО Бета, СП2, Верина В.»."""
        parts = []
        if details.get(f"{prefix}handler"):
            parts.append(self.organisation(details[f"{prefix}handler"]))
        if details.get(f"{prefix}owner"):
            parts.append(self.employee(details[f"{prefix}owner"]))
        elif details.get(f"{prefix}line"):
            parts.append(f"очередь {_word(words.Line, details[f'{prefix}line'])}")
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class Told:
    """One event as the timeline shows it; ``words`` is what a person wrote, None — she may not read it."""

    at: datetime
    who: str
    where: str
    sentence: str
    words: str | None
    state: str


def tell(events: Iterable[Event], names: Names, depth: int) -> list[Told]:
    """Return the timeline, the latest first."""
    found = [
        Told(
            event.at,
            event.employee_name or "Программа",
            names.organisation(event.organisation_id),
            sentence(event.kind, event.details, names),
            None if event.text and depth < Depth.TEXT else event.text,
            STATES.get(EventKind(event.kind), ""),
        )
        for event in events
    ]
    return sorted(found, key=lambda told: told.at, reverse=True)


def handed(events: Iterable[Event], timeline: Iterable[Told]) -> Handed | None:
    """Return what came with the last hand-over or return of an appeal, None where nobody gave it to anybody."""
    last = max((event for event in events if event.kind in MOVES), key=lambda event: event.at, default=None)
    if last is None:
        return None
    details = last.details
    told = next(told for told in timeline if told.at == last.at)
    callback = str(details.get("callback_at", ""))
    return Handed(
        told,
        identity(str(details.get("identity", ""))),
        datetime.fromisoformat(callback) if callback else None,
        bool(details.get("draft")),
        str(details.get("call_id", "")),
    )


def identity(how: str) -> str:
    """Return in words how somebody was identified; empty — nobody asked."""
    return IDENTITIES.get(how, how)


def named(events: Iterable[Event]) -> Names:
    """Look up every name the events need. Two queries."""
    organisations, employees = set(), set()
    for event in events:
        organisations.add(event.organisation_id)
        details = event.details
        organisations |= {details.get(key) for key in ("handler", "from_handler", "organisation", "to_organisation")}
        employees |= {details.get(key) for key in ("owner", "from_owner", "callback_owner")}
    rows = _organisations([key for key in organisations if isinstance(key, int)])
    people = [key for key in employees if isinstance(key, int)]
    return Names({row.pk: row.name for row in rows}, {one.pk: one.short_name for one in _employees(people)})


@prepared
def _organisations(keys: list[int]) -> QuerySet[Organisation]:
    return Organisation.objects.filter(pk__in=keys).only("name")


@prepared
def _employees(keys: list[int]) -> QuerySet[Employee]:
    return Employee.objects.filter(pk__in=keys).only("surname", "given_name", "patronymic")


def sentence(kind: str, details: Mapping[str, Any], names: Names) -> str:
    """Return one sentence without the full stop."""
    label = str(EventKind(kind).label) if kind in EventKind.values else kind
    label = LETTERS.get((kind, details.get("letter")), label)
    more = _MORE.get(kind, lambda details, names: "")(details, names)
    return f"{label}{more}"


def _registered(details: Mapping[str, Any], names: Names) -> str:
    due = f", ответить до {_day(details['due_on'])}" if details.get("due_on") else ""
    return f" под номером {details['number']}{due}" if details.get("number") else due


def _moved(details: Mapping[str, Any], names: Names) -> str:
    whence, whither = names.place(details, "from_"), names.place(details)
    return (f": {whence}" if whence else "") + (f" → {whither}" if whither else "") + _with_calls(details, names)


def _with_calls(details: Mapping[str, Any], names: Names) -> str:
    return ", вместе с обещанием перезвонить" if details.get("callbacks") else ""


def _extended(details: Mapping[str, Any], names: Names) -> str:
    days = int(details.get("days") or 0)
    text = f" на {days} {plural(days, 'день', 'дня', 'дней')}" if days else ""
    text += f", до {_day(details['due_on'])}" if details.get("due_on") else ""
    return text + (f", приказ № {details['order_number']}" if details.get("order_number") else "")


def _closed(details: Mapping[str, Any], names: Names) -> str:
    text = f": {_word(words.Outcome, details['outcome']).lower()}" if details.get("outcome") else ""
    return text + (f", {_word(words.Verdict, details['verdict']).lower()}" if details.get("verdict") else "")


def _answered(details: Mapping[str, Any], names: Names) -> str:
    channel = details.get("by_channel")
    return f" ({_word(words.Channel, channel).lower()})" if channel else ""


def _clock(details: Mapping[str, Any], names: Names) -> str:
    return f": до {_day(details['due_on'])}" if details.get("due_on") else ""


def _forwarded(details: Mapping[str, Any], names: Names) -> str:
    name = details.get("to_name") or (
        names.organisation(details["to_organisation"]) if details.get("to_organisation") else ""
    )
    return f": {name}" if name else _answered(details, names)


def _granted(details: Mapping[str, Any], names: Names) -> str:
    return f": {names.organisation(details.get('organisation'))}"


def _promised(details: Mapping[str, Any], names: Names) -> str:
    due = str(details.get("due_at", ""))
    return f" до {timezone.localtime(datetime.fromisoformat(due)):%d.%m %H:%M}" if due else ""


def _missed(details: Mapping[str, Any], names: Names) -> str:
    promised = _promised(details, names)
    return f", перезвонить{promised}" if promised else ""


def _noted(details: Mapping[str, Any], names: Names) -> str:
    return ": ответ не дошёл, что сделали" if details.get("undelivered") else ""


def _linked(details: Mapping[str, Any], names: Names) -> str:
    kind = details.get("relation_kind")
    return f": {_word(RelationKind, kind).lower()}" if kind else ""


_MORE: dict[str, Callable[[Mapping[str, Any], Names], str]] = {
    EventKind.REGISTERED: _registered,
    EventKind.HANDED_OVER: _moved,
    EventKind.RETURNED: _moved,
    EventKind.REASSIGNED: _moved,
    EventKind.ASSIGNED: _moved,
    EventKind.TAKEN: _with_calls,
    EventKind.EXTENDED: _extended,
    EventKind.CLOSED: _closed,
    EventKind.ANSWERED: _answered,
    EventKind.INTERIM_ANSWERED: _answered,
    EventKind.NOTIFIED: _answered,
    EventKind.CLOCK_MOVED: _clock,
    EventKind.FORWARDED: _forwarded,
    EventKind.GRANTED: _granted,
    EventKind.REVOKED: _granted,
    EventKind.NOTED: _noted,
    EventKind.CALLBACK_PROMISED: _promised,
    EventKind.CALLBACK_MISSED: _missed,
    EventKind.LINKED: _linked,
}


def _word(known: Any, value: Any) -> str:
    return str(known(value).label) if value in known.values else str(value)


def _day(value: Any) -> str:
    try:
        return day(date.fromisoformat(str(value)[:10]))
    except ValueError:
        return str(value)
