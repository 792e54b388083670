"""A platform on this machine, the fund's door to it, and what citizens write there."""

import base64
import threading
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from opora.adapters.poshouse.platform import Platform
from opora.adapters.poshouse.server import TOKEN, PosServer
from opora.doors.models import Door
from opora.feedback import services
from opora.feedback.models import PosMessage

POLINA = {
    "lastName": "Соловьёва-Седая", "firstName": "Полина", "middleName": "Андреевна", "birthDate": "1985-03-14",
    "snils": "112-233-445 95", "email": "polina@example.ru",
}  # fmt: skip
PDF = base64.b64encode(b"%PDF-1.4\n%%EOF\n").decode()


@pytest.fixture(scope="module")
def running() -> Iterator[PosServer]:
    server = PosServer(Platform())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def pos(running: PosServer) -> PosServer:
    """A platform nobody has written to."""
    running.platform = Platform()
    running.troubles, running.given = [], []
    return running


@pytest.fixture
def door(pos: PosServer, place: SimpleNamespace, topics: SimpleNamespace) -> Door:
    row = Door(
        organisation=place.fund, kind="gosuslugi", slug="pos", title="Госуслуги фонда", address="ТФОМС", rule="appeal",
        topic="t-insurer", appeal_kind="consultation",
        settings={"address": pos.address, "routes": {"полис омс": ["t-policy", ""], "лечение": ["t-waiting", "54000"]}},
    )  # fmt: skip
    row.keep_secrets({"token": TOKEN})
    row.save()
    return row


@pytest.fixture
def write(pos: PosServer) -> Callable[..., str]:
    """A citizen writes; returns the number of his message."""

    def made(text: str = "Полис не виден в кабинете.", **more: Any) -> str:
        given = {"category": "Полис ОМС", "subcategory": "Не отображается", "citizen": POLINA, **more}
        return pos.platform.write({"text": text, **given})

    return made


@pytest.fixture
def message(door: Door, write: Callable[..., str], polina: Any, cast: SimpleNamespace) -> PosMessage:
    """A message of Polina at Alfa, which insures her."""
    write()
    services.fetch_door(door)
    return PosMessage.objects.get()


@pytest.fixture
def answered(message: PosMessage, cast: SimpleNamespace) -> PosMessage:
    """The same, prepared and approved: its answer waits to be carried."""
    services.prepare(message.pk, "Полис виден с завтрашнего дня.", outcome="consulted", by=cast.sp2)
    return services.approve(message.pk, by=cast.boris)
