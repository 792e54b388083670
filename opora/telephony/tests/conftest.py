"""Lines of Alfa and of the fund on one exchange; Alina sits at 201, the fund's operator at 301."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from opora.access.scope import enter
from opora.appeals.intake import NewAppeal, register
from opora.appeals.models import Appeal
from opora.telephony.models import Agent, Call, ExtensionRange, Line, Recording
from opora.telephony.services import take_in
from opora.telephony.tests.exchange import BEGAN, MemoryPbx
from opora.telephony.tests.shelf import Shelf, bring, sound
from opora.telephony.words import AgentState


@pytest.fixture
def pbx() -> MemoryPbx:
    return MemoryPbx()


@pytest.fixture
def lines(place: SimpleNamespace) -> SimpleNamespace:
    def line(number: str, title: str, organisation: object) -> Line:
        return Line.objects.create(pbx="main", number=number, title=title, organisation=organisation)

    for organisation, hundred in ((place.alfa, "2"), (place.fund, "3")):
        ExtensionRange.objects.create(organisation=organisation, pbx="main", first=f"{hundred}00", last=f"{hundred}99")
    return SimpleNamespace(alfa=line("100", "Линия Альфы", place.alfa), fund=line("300", "Линия фонда", place.fund))


@pytest.fixture
def seats(lines: SimpleNamespace, cast: SimpleNamespace) -> SimpleNamespace:
    def seat(extension: str, employee: object, line: Line) -> Agent:
        return Agent.objects.create(
            pbx="main",
            extension=extension,
            employee=employee,
            organisation=line.organisation,
            state=AgentState.READY,
            since=BEGAN - timedelta(hours=1),
        )

    return SimpleNamespace(
        alina=seat("201", cast.alina, lines.alfa),
        sp2=seat("202", cast.sp2, lines.alfa),
        op1=seat("301", cast.op1, lines.fund),
    )


@pytest.fixture
def appeal_of_call(cast: SimpleNamespace, topics: SimpleNamespace) -> Callable[[Call], Appeal]:
    """An open appeal of Alina's that was taken from a call."""

    def take(call: Call) -> Appeal:
        given = {"kind": "consultation", "topic": topics.policy, "channel": "hot_line", "text": "Где мой полис"}
        with enter(cast.alina.scope):
            done = register(NewAppeal(**given, call_id=call.code, mine=True), by=cast.alina)
        return Appeal.objects.get(pk=done.id)

    return take


@pytest.fixture
def shelf(settings: Any, tmp_path: Any) -> type[Shelf]:
    settings.DATA_DIR = tmp_path
    settings.PORTS = {**settings.PORTS, "telephony.Tapes": "opora.telephony.tests.shelf.Shelf"}
    Shelf.files, Shelf.is_up, Shelf.asked = {}, True, []
    return Shelf


@pytest.fixture
def talk(pbx: MemoryPbx, seats: SimpleNamespace, shelf: type[Shelf]) -> Recording:
    """A talk of Alina's, fetched."""
    shelf.files["w.wav"] = sound()
    take_in(pbx.whole("w"))
    assert bring().kept == 1
    return Recording.objects.get()
