"""Long work as a page shows it: asked for again each second until it is over."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Work:
    """``done`` of ``total`` steps (None — not known yet). ``url`` answers with the same piece while the work runs."""

    title: str
    url: str
    done: int = 0
    total: int | None = None
    state: str = "now"  # now · done · late (broken)
    note: str = ""
    left: timedelta | None = None
    result_url: str = ""
    result: str = ""

    @property
    def runs(self) -> bool:
        return self.state == "now"

    @property
    def percent(self) -> int | None:
        return None if not self.total else min(100, self.done * 100 // self.total)
