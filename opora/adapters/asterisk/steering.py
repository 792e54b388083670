"""``opora.telephony.ports.Overflows``: rules lie in AstDB of the exchange, where its dialplan reads them at every call.

``opora/overflow/LINE/WHEN`` is ``TO:SECONDS:UNTIL`` (UNTIL — seconds since 1970) or empty. So calls are steered also
while the program is away, and a rule ends by itself. Written over AMI by ``DBPut``: the right ``system``.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings

from opora.adapters.asterisk.link import Link
from opora.adapters.asterisk.settings import AsteriskSettings
from opora.telephony.ports import Overflow, PbxUnavailable
from opora.telephony.words import When

FAMILY = "opora"


class AsteriskOverflows:
    """Rules of one exchange, by the name the settings know it by."""

    def __init__(self, pbx: str, known: Mapping[str, Any] | None = None) -> None:
        told = settings.PBX if known is None else known
        if told is None or told["name"] != pbx:
            raise PbxUnavailable("АТС с таким именем в настройках нет")
        self._settings = AsteriskSettings(**told)

    def steer(self, lines: Sequence[str], rules: Sequence[Overflow]) -> None:
        """See the port."""
        asyncio.run(self._write(written(lines, rules)))

    async def _write(self, rows: Mapping[str, str]) -> None:
        async with Link(self._settings) as link:
            for key, value in rows.items():
                await link.ask("DBPut", Family=FAMILY, Key=key, Val=value)


def written(lines: Sequence[str], rules: Sequence[Overflow]) -> dict[str, str]:
    """Return the keys and values of AstDB; a line without a rule has an empty one, so nothing is ever deleted.

    >>> written(["100"], [])
    {'overflow/100/closed': '', 'overflow/100/waits': '', 'overflow/100/nobody': ''}
    """
    rows = {f"overflow/{line}/{when}": "" for line in lines for when in When.values}
    for rule in rules:
        rows[f"overflow/{rule.line}/{rule.when}"] = f"{rule.to}:{rule.seconds}:{int(rule.until.timestamp())}"
    return rows
