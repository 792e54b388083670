"""How to speak to one exchange."""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

AGENTS = r"(?:PJSIP|SIP|Local)/(\d{2,6})[-@]"


@dataclass(frozen=True)
class AsteriskSettings:
    """``name`` is what its events are known by; ``log`` its folder of logs as this machine sees it, if it does.

    agents    a pattern of channels that belong to employees; its first group is the extension
    dialling  the context in which employees dial
    colleagues  the context where extensions of employees are
    holding   the context with ``citizen``, ``agent``, ``resume`` and ``back`` (docs/asterisk.md)
    recordings  the folder of voices as this machine sees it; else they are asked of ``ari`` (``http://host:port``)
    """

    name: str
    host: str
    port: int
    login: str
    secret: str
    log: Path | None = None
    agents: str = AGENTS
    dialling: str = "from-agents"
    colleagues: str = "colleagues"
    holding: str = "opora-holding"
    technology: str = "PJSIP"
    recordings: Path | None = None
    ari: str = ""
    ari_login: str = ""
    ari_secret: str = ""

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(self.agents)

    def agent_of(self, channel: str) -> str:
        """Return the extension a channel belongs to, or "" for one of the city.

        >>> AsteriskSettings("a", "", 0, "", "").agent_of("PJSIP/101-0000002a")
        '101'
        """
        found = self._pattern.match(channel)
        return found[1] if found else ""
