"""What a list shows, as words of its address: ``?whose=mine&due=overdue&kind=complaint``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import TextChoices
from django.utils import timezone

from opora.classifiers.words import Channel, Flag, Form, Kind, Line
from opora.shared.hidden import hide, reveal

if TYPE_CHECKING:
    from opora.organisations.models import Employee


class Whose(TextChoices):
    ALL = "", "Все"
    MINE = "mine", "Мои"
    QUEUE = "queue", "Очередь линии"
    NOBODY = "nobody", "Ничьи"


class State(TextChoices):
    OPEN = "open", "Открытые"
    CLOSED = "closed", "Закрытые"
    ALL = "all", "Все"


class Due(TextChoices):
    ANY = "", "Любой срок"
    OVERDUE = "overdue", "Просрочены"
    TODAY = "today", "До конца дня"
    WEEK = "week", "До конца недели"


class Reached(TextChoices):
    ANY = "", "Любой ответ"
    UNDELIVERED = "undelivered", "Ответ не дошёл"


LISTS: dict[str, type[TextChoices]] = {  # words with a closed list
    "whose": Whose,
    "state": State,
    "due": Due,
    "kind": Kind,
    "channel": Channel,
    "form": Form,
    "line": Line,
    "answer": Reached,
}


@dataclass(frozen=True, slots=True)
class Filter:
    """Words of one list. Empty words leave nothing out; ``find`` is sealed, because people and texts stand in it.

    ``handler``, ``owner``, ``person`` are keys; ``since`` and ``until`` are days of registration, both inside.
    """

    whose: str = ""
    state: str = ""
    due: str = ""
    kind: str = ""
    topic: str = ""
    channel: str = ""
    form: str = ""
    line: str = ""
    answer: str = ""
    handler: int = 0
    owner: int = 0
    person: int = 0
    since: date | None = None
    until: date | None = None
    flags: tuple[str, ...] = ()
    number: str = ""
    find: str = ""

    @classmethod
    def read(cls, words: Mapping[str, Any]) -> Filter:
        """Return the filter of an address; a word that is none of ours leaves nothing out."""
        many = words.getlist("flags") if hasattr(words, "getlist") else words.get("flags", [])
        found: dict[str, Any] = {
            name: words.get(name) for name, known in LISTS.items() if words.get(name) in known.values
        }
        found |= {name: _key(words.get(name)) for name in ("handler", "owner", "person")}
        found |= {name: _day(words.get(name)) for name in ("since", "until")}
        found["topic"] = str(words.get("topic") or "")[:14]
        found["number"] = str(words.get("number") or "").strip()[:50]
        found["find"] = reveal(words.get("find"))[:200]
        found["flags"] = tuple(sorted({flag for flag in many if flag in Flag.values}))
        return cls(**{name: value for name, value in found.items() if value is not None})

    @property
    def is_open(self) -> bool:
        """Only open ones: asked for, or meant by «late» and «mine», or the usual list of nobody's search.

        An answer that came back concerns a closed appeal as much.
        """
        if self.state:
            return self.state == State.OPEN
        return not (self.number or self.find or self.person or self.answer)

    @property
    def is_closed(self) -> bool:
        return self.state == State.CLOSED

    @property
    def words(self) -> dict[str, Any]:
        """Return the words of the address, without the empty ones."""
        found = {name: value for name, value in asdict(self).items() if value}
        for name in ("since", "until"):
            if name in found:
                found[name] = found[name].isoformat()
        if self.find:
            found["find"] = hide(self.find)
        return found

    @property
    def query(self) -> str:
        """Return the address after «?»."""
        return urlencode(self.words, doseq=True)

    def but(self, **changes: Any) -> Filter:
        return replace(self, **changes)

    def without(self, name: str) -> Filter:
        """Return the same list with one word taken out."""
        kept: dict[str, Any] = {field.name: getattr(self, field.name) for field in fields(self) if field.name != name}
        return Filter(**kept)

    @property
    def is_empty(self) -> bool:
        return self == Filter()


def due_span(due: str, employee: Employee, now: datetime | None = None) -> tuple[datetime | None, datetime | None]:
    """Return the half-open span of ``due_at`` a word means on the clock of her organisation."""
    moment = now or timezone.now()
    if due == Due.OVERDUE:
        return None, moment
    zone = employee.assignment.organisation.zone if employee.assignment else timezone.get_current_timezone()
    today = moment.astimezone(zone).date()
    days = 1 if due == Due.TODAY else 7 - today.weekday()
    return moment, datetime.combine(today + timedelta(days=days), time(), tzinfo=zone)


def span(since: date | None, until: date | None, employee: Employee) -> tuple[datetime | None, datetime | None]:
    """Return the half-open span of moments of days, both inside, on the clock of her organisation."""
    zone = employee.assignment.organisation.zone if employee.assignment else timezone.get_current_timezone()
    first = datetime.combine(since, time(), tzinfo=zone) if since else None
    last = datetime.combine(until + timedelta(days=1), time(), tzinfo=zone) if until else None
    return first, last


def _key(value: Any) -> int:
    text = str(value or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _day(value: Any) -> date | None:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)) if value else None
    except ValueError:
        return None
