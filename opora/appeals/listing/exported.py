"""Appeals as lines of a file, thousands at a time: the same words as in the list, a tenth of its cost.

A page shows fifty lines as objects; a file has a million of them, so here a line is texts from the first step on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from opora.appeals.models import Grant
from opora.appeals.models.grant import depth_column
from opora.appeals.words import Depth, Stage
from opora.classifiers import words
from opora.classifiers.models import Topic
from opora.organisations.models import Organisation
from opora.shared.prepared import prepared
from opora.shared.sql import question

if TYPE_CHECKING:
    from opora.access.scope import Scope

OF_APPEAL = (
    "Номер", "Зарегистрировано", "Закрыто", "Вид", "Способ", "Этап", "Код темы", "Тема", "Признаки", "Исход",
    "Сведения о жалобе", "Кто ведёт",
)  # fmt: skip
OF_PERSON = ("Фамилия, имя, отчество", "Полис", "Телефон")
_rows = question(Path(__file__).parent.parent / "sql", "exported", is_prepared=True)
_KINDS, _CHANNELS, _STAGES, _OUTCOMES, _VERDICTS, _FLAGS = (
    {str(value): str(label) for value, label in of.choices}
    for of in (words.Kind, words.Channel, Stage, words.Outcome, words.Verdict, words.Flag)
)


@dataclass(frozen=True, slots=True)
class ExportLine:
    """``cells`` as ``OF_APPEAL`` says; ``person`` as ``OF_PERSON`` does, None — she may not know."""

    cells: list[str]
    person: list[str] | None


class Exporter:
    """Lines of appeals as somebody sees them; one of it for a file. Two queries once, two for each ``lines``."""

    def __init__(self, scope: Scope) -> None:
        self._scope, self._zone = scope, timezone.get_current_timezone_name()
        self._topics = dict(Topic.objects.values_list("pk", "title"))
        self._organisations = dict(Organisation.objects.values_list("pk", "name"))

    def lines(self, appeals: Sequence[UUID]) -> dict[UUID, ExportLine]:
        """Return lines of those she has been granted a sight of, in no order."""
        if not appeals:
            return {}
        depths = dict(_depths(self._scope, list(appeals)))
        sees_all = self._scope.sees == "all"
        topics, organisations, found = self._topics, self._organisations, {}
        for (
            key, number, registered, closed, kind, channel, stage, code, topic, flags, outcome, verdict, handler,
            person, enp, phone,
        ) in _rows(appeals=list(depths), zone=self._zone):  # fmt: skip
            cells = [
                number, registered, closed or "", _KINDS[kind], _CHANNELS[channel], _STAGES[stage], code,
                topics[topic], _flags(tuple(flags)), _OUTCOMES[outcome] if outcome else "",
                _VERDICTS[verdict] if verdict else "", organisations[handler],
            ]  # fmt: skip
            may_know = sees_all or depths[key] >= Depth.PERSONAL
            found[key] = ExportLine(cells, [person, enp or "", phone or ""] if may_know else None)
        return found


@prepared
def _depths(scope: Scope, appeals: list[UUID]) -> QuerySet[Grant, tuple[UUID, int]]:
    return Grant.objects.within(scope).filter(appeal__in=appeals).values_list("appeal", depth_column(scope))


@cache
def _flags(flags: tuple[str, ...]) -> str:
    return ", ".join(_FLAGS[flag] for flag in flags if flag in _FLAGS)
