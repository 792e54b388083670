"""Lines of a file say what lines of the list say, to the same people."""

from types import SimpleNamespace

import pytest
from django.utils import timezone

from opora.access.scope import enter
from opora.appeals.listing import details
from opora.appeals.listing.exported import Exporter
from opora.appeals.models import Grant
from opora.appeals.words import Depth


@pytest.mark.parametrize("who", ["alina", "boris", "sp3", "op2", "vera", "clerk"])
def test_a_file_says_what_the_list_says(cast: SimpleNamespace, shelf: SimpleNamespace, who: str) -> None:
    employee = getattr(cast, who)
    with enter(employee.scope):
        seen = details(list(Grant.objects.accessible_to(employee)), employee.scope)
        found = Exporter(employee.scope).lines([appeal.pk for appeal in vars(shelf).values()])
        assert set(found) == {line.id for line in seen}
        for line in seen:
            assert found[line.id].cells == [
                line.number, f"{timezone.localtime(line.registered_at):%d.%m.%Y %H:%M}", "", line.kind_word,
                line.channel_word, line.stage_word, line.topic_code, line.topic, ", ".join(line.flag_words),
                line.outcome_word, "", line.handler,
            ]  # fmt: skip
            told = found[line.id].person
            assert (told is None) is (line.depth < Depth.PERSONAL)
            if told is not None:
                name = " ".join(part for part in (line.surname, line.given_name, line.patronymic) if part)
                assert told == [name, line.enp or "", line.phone or ""]


def test_nobody_asked_for(cast: SimpleNamespace) -> None:
    with enter(cast.alina.scope):
        assert Exporter(cast.alina.scope).lines([]) == {}
