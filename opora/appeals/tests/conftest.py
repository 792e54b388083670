"""A shelf of appeals that the tests of lists and cards read from."""

from types import SimpleNamespace
from typing import Any

import pytest

from opora.access.scope import enter
from opora.appeals.intake import NewAppeal, NewParty, register
from opora.appeals.models import Appeal


@pytest.fixture
def shelf(cast: SimpleNamespace, topics: SimpleNamespace, place: SimpleNamespace) -> SimpleNamespace:
    """Some appeals of Alfa: hers, of the queue, a complaint with a flag, one handed to Beta; and one of Beta."""

    def new(by: Any, **fields: Any) -> Appeal:
        given = {"kind": "consultation", "topic": topics.policy, "channel": "hot_line", "text": "Где мой полис"}
        with enter(by.scope):
            done = register(NewAppeal(**{**given, **fields}), by=by)
        return Appeal.objects.get(pk=done.id)

    complaint = {"kind": "complaint", "topic": topics.quality, "channel": "post"}
    solovyova = NewParty(surname="Соловьёва-Седая", given_name="Полина", phone="+79000000001", enp="5476410835001236")
    return SimpleNamespace(
        mine=new(cast.alina, mine=True),
        queue=new(cast.alina),
        complaint=new(cast.sp3, **complaint, text="Отказали в госпитализации", flags=["oncology"], parties=[solovyova]),
        handed=new(cast.alina, handler=place.beta, handed_over_why="Застрахован там", text="Выбор страховой"),
        betas=new(cast.vera, text="Полис утерян", parties=[solovyova]),
    )
