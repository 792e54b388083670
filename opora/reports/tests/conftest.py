"""Appeals registered and changed by the real services, and the chainer that gives their events places."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from opora.access.scope import enter
from opora.appeals import services
from opora.appeals.chain.chainer import chain_batch
from opora.appeals.intake import NewAppeal, NewParty, NewReason, register
from opora.appeals.models import Appeal
from opora.appeals.words import PartyRole


class Journal:
    """Appeals made in a line; ``by`` is whose telephone it was."""

    def __init__(self, cast: SimpleNamespace, topics: SimpleNamespace, place: SimpleNamespace) -> None:
        self.cast, self.topics, self.place = cast, topics, place

    def complaint(self, *clinics: Any, by: Any = None, **more: Any) -> Appeal:
        topic = more.pop("topic", self.topics.quality)
        reasons = [NewReason(topic=topic, provider_id=clinic and clinic.pk) for clinic in clinics]
        return self.new(kind="complaint", topic=topic, channel="post", reasons=reasons, by=by, **more)

    def question(self, by: Any = None, **more: Any) -> Appeal:
        return self.new(kind="consultation", topic=self.topics.policy, channel="hot_line", by=by, **more)

    def new(self, *, by: Any = None, **given: Any) -> Appeal:
        who = by or self.cast.alina
        with enter(who.scope):
            done = register(NewAppeal(text="Слова", mine=True, **given), by=who)
        return Appeal.objects.get(pk=done.id)

    def close(self, appeal: Appeal, verdict: str = "") -> None:
        """Close an appeal that its applicant took back: no answer is needed."""
        with enter(self.cast.alina.scope):
            services.close(appeal.pk, outcome="withdrawn", verdict=verdict, by=self.cast.alina)


def whose(insurer: Any, role: str = "applicant") -> NewParty:
    return NewParty(role=PartyRole(role), surname="Выдуманова", given_name="Ия", insurer_id=insurer.pk)


@pytest.fixture
def journal(cast: SimpleNamespace, topics: SimpleNamespace, place: SimpleNamespace) -> Journal:
    return Journal(cast, topics, place)


@pytest.fixture
def chained() -> Callable[[], None]:
    def run() -> None:
        while chain_batch():
            pass

    return run
