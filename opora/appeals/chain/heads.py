"""Ends of chains by days: written down each night, given to partners, compared with what partners have kept.

Whoever owns a whole database can count a whole chain anew; he cannot change the copy of its end that lies with others.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.appeals.chain.verify import Head
from opora.appeals.errors import AppealsError
from opora.appeals.models import ChainHead, DailyHead
from opora.organisations.models import Organisation

FORMAT = "opora-heads-1"
DAY = timedelta(days=1)


class HeadsRefused(AppealsError, status=422):
    """Это не файл с концами цепочек."""


class HeadsContradict(AppealsError):
    """Конец цепочки за этот день уже известен и другой: одну из цепочек переписали."""


def note_day(now: datetime | None = None) -> int:
    """Write down the end of each chain for the day that is over where the organisation is; return how many are new.

    What the chain holds at this moment belongs to the day: events wait for their places under a second. May run often.
    """
    moment = now or timezone.now()
    with enter(Scope.system("the ends of chains are written down")):
        heads = {head.organisation_id: head for head in ChainHead.objects.all()}
        found = Organisation.objects.filter(pk__in=heads).select_related("territory")
        rows = [(one.pk, moment.astimezone(one.zone).date() - DAY, heads[one.pk]) for one in found]
        before = DailyHead.objects.count()
        for owner, on, head in rows:
            _insert(owner, on, head.position, bytes(head.hash), is_foreign=False)
        return DailyHead.objects.count() - before


def document(organisation: Organisation) -> dict[str, Any]:
    """Return what is given to partners: the ends by days and the end of this moment."""
    with enter(Scope.system("the ends of a chain are given away")):
        days = DailyHead.objects.filter(organisation_id=organisation.pk, is_foreign=False).order_by("on")
        heads = [{"on": row.on.isoformat(), "position": row.position, "hash": bytes(row.hash).hex()} for row in days]
        end = ChainHead.objects.filter(pk=organisation.pk).first()
    now = None if end is None else {"position": end.position, "hash": bytes(end.hash).hex()}
    return {
        "format": FORMAT,
        "organisation": {"kind": organisation.kind, "code": organisation.code, "name": organisation.name},
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "now": now,
        "heads": heads,
    }


def read(path: Path, *, with_now: bool = True) -> list[Head]:
    """Return the heads of a file by days, and the end of the moment it was made. Raises HeadsRefused."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        if told["format"] != FORMAT:
            raise HeadsRefused(f"{path.name}: формат «{told['format']}» неизвестен, ждём {FORMAT}.")
        owner = _owner(told["organisation"], path)
        made = datetime.fromisoformat(told["made_at"])
        rows = [(date.fromisoformat(one["on"]), one) for one in told["heads"]]
        rows += [(made.date(), told["now"])] if with_now and told["now"] else []
        return [
            Head(owner.pk, on, int(one["position"]), bytes.fromhex(one["hash"]).hex(), path.name) for on, one in rows
        ]
    except (OSError, UnicodeDecodeError) as fault:
        raise HeadsRefused(f"{path.name}: файл не прочесть.") from fault
    except (ValueError, KeyError, TypeError) as fault:
        raise HeadsRefused(f"{path.name}: это не файл с концами цепочек ({FORMAT}).") from fault


def keep(path: Path) -> int:
    """Keep the ends of a partner's chain for later; return how many are new.

    Raises HeadsContradict when a day is known with another end, or a later day with a shorter chain.
    """
    new = 0
    with enter(Scope.system("the ends of a partner's chain are kept")):
        for head in read(path, with_now=False):
            known = DailyHead.objects.filter(organisation_id=head.organisation, on=head.on).first()
            if known is None:
                _check_growth(head)
                _insert(head.organisation, head.on, head.position, bytes.fromhex(head.hash), is_foreign=True)
                new += 1
            elif (known.position, bytes(known.hash).hex()) != (head.position, head.hash):
                raise HeadsContradict(
                    f"Конец цепочки за {head.on:%d.%m.%Y} уже известен: звено {known.position}, "
                    f"а файл называет {head.position} с другим отпечатком. Цепочку переписали."
                )
    return new


def _check_growth(head: Head) -> None:
    known = DailyHead.objects.filter(organisation_id=head.organisation)
    earlier = known.filter(on__lt=head.on, position__gt=head.position).first()
    later = known.filter(on__gt=head.on, position__lt=head.position).first()
    if other := earlier or later:
        raise HeadsContradict(
            f"За {other.on:%d.%m.%Y} известно звено {other.position}, а за {head.on:%d.%m.%Y} файл называет "
            f"{head.position}: цепочка не может становиться короче."
        )


def _insert(owner: int, on: date, position: int, value: bytes, *, is_foreign: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO appeals_dailyhead (organisation_id, "on", position, hash, is_foreign)'
            " VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [owner, on, position, value, is_foreign],
        )


def _owner(told: dict[str, str], path: Path) -> Organisation:
    with enter(Scope.system("the owner of a chain is found by the code")):
        found = Organisation.objects.filter(kind=told["kind"], code=told["code"]).first()
    if found is None:
        raise HeadsRefused(f"{path.name}: организации с кодом {told['code']} в справочнике нет.")
    return found
