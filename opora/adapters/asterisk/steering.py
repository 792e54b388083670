"""``opora.telephony.ports.Steering``: hours and rules lie in AstDB of the exchange, where its dialplan reads them.

``opora/hours/LINE`` is ``UNTIL:OPENS-CLOSES,OPENS-CLOSES…``, ``opora/overflow/LINE/WHEN`` is ``TO:SECONDS:UNTIL`` or
empty; moments are seconds since 1970. So calls are steered also while the program is away, and what it has told ends by
itself. Written over AMI by ``DBPut``: the right ``system``.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings

from opora.adapters.asterisk.link import Link
from opora.adapters.asterisk.settings import AsteriskSettings
from opora.telephony.ports import Hours, Overflow, PbxUnavailable
from opora.telephony.words import When

FAMILY = "opora"
MOST_SPANS = 40  # a line of AMI has 1024 bytes


class AsteriskSteering:
    """Hours and rules of one exchange, by the name the settings know it by."""

    def __init__(self, pbx: str, known: Mapping[str, Any] | None = None) -> None:
        told = settings.PBX if known is None else known
        if told is None or told["name"] != pbx:
            raise PbxUnavailable("АТС с таким именем в настройках нет")
        self._settings = AsteriskSettings(**told)

    def steer(self, hours: Sequence[Hours], rules: Sequence[Overflow]) -> None:
        """See the port."""
        asyncio.run(self._write(written(hours, rules)))

    async def _write(self, rows: Mapping[str, str]) -> None:
        async with Link(self._settings) as link:
            for key, value in rows.items():
                await link.ask("DBPut", Family=FAMILY, Key=key, Val=value)


def written(hours: Sequence[Hours], rules: Sequence[Overflow]) -> dict[str, str]:
    """Return the keys and values of AstDB; a line without a rule has an empty one, so nothing is ever deleted.

    >>> from datetime import UTC, datetime
    >>> opens, closes, until = (datetime.fromtimestamp(second, UTC) for second in (100, 200, 900))
    >>> written([Hours("100", [(opens, closes)], until)], [])
    {'hours/100': '900:100-200', 'overflow/100/closed': '', 'overflow/100/waits': '', 'overflow/100/nobody': ''}
    """
    rows: dict[str, str] = {}
    for one in hours:
        rows[f"hours/{one.line}"] = _spans(one)
        rows |= {f"overflow/{one.line}/{when}": "" for when in When.values}
    for rule in rules:
        rows[f"overflow/{rule.line}/{rule.when}"] = f"{rule.to}:{rule.seconds}:{int(rule.until.timestamp())}"
    return rows


def _spans(hours: Hours) -> str:
    """What there is no room for is not known: the exchange is told of it in time."""
    spans = [(int(begins.timestamp()), int(ends.timestamp())) for begins, ends in hours.spans]
    until = int(hours.until.timestamp()) if len(spans) <= MOST_SPANS else spans[MOST_SPANS][0]
    return f"{until}:{','.join(f'{begins}-{ends}' for begins, ends in spans[:MOST_SPANS])}"
