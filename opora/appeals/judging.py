"""What a room above has come to about an appeal: it closes by that, not against it.

judging.by(judged)  # a room's ``apps.py``: a finder that knows some appeals and returns None for others
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from opora.appeals.errors import NotDecided
from opora.appeals.models import Appeal
from opora.appeals.models.appeal import NO_ANSWER_NEEDED
from opora.classifiers.words import Verdict


@dataclass(frozen=True, slots=True)
class Judged:
    """``under_way`` — why nothing closes the appeal now; ``undecided`` — why it is not closed with an answer.

    Both are sentences, empty where nothing hinders. ``verdicts`` are those that agree with what was decided, the one to
    propose first; empty — nothing was decided, any will do.
    """

    under_way: str = ""
    undecided: str = ""
    verdicts: tuple[Verdict, ...] = ()

    @property
    def hindrance(self) -> str:
        return self.under_way or self.undecided


type Judge = Callable[[Appeal], Judged | None]

_judges: dict[str, Judge] = {}


def by(judge: Judge) -> None:
    """Ask ``judge`` of every appeal that is closed."""
    _judges[f"{judge.__module__}.{judge.__qualname__}"] = judge


def of(appeal: Appeal) -> Judged:
    """Return what is known of an appeal above; of one nobody judges, that nothing hinders."""
    return next((found for judge in _judges.values() if (found := judge(appeal)) is not None), Judged())


def check(appeal: Appeal, outcome: str, verdict: str) -> None:
    """Raises NotDecided, with a sentence that says where to look, while it may not be closed so."""
    judged = of(appeal)
    if judged.under_way:
        raise NotDecided(judged.under_way)
    if outcome in NO_ANSWER_NEEDED:
        return
    if judged.undecided:
        raise NotDecided(judged.undecided)
    if judged.verdicts and verdict not in judged.verdicts:
        decided = judged.verdicts[0].label.lower()
        raise NotDecided(f"В деле по жалобе {appeal.number} решено: {decided}. Закройте так или решите в деле заново.")
