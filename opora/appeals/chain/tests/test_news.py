"""Desks hear of what has changed, as deep as the least of them sees, and no word about a person."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from opora.appeals.chain import news
from opora.appeals.chain.chainer import chain_batch
from opora.appeals.models import Grant
from opora.live.news import News


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[News]:
    found: list[News] = []
    monkeypatch.setattr(news, "publish", lambda items: found.extend(items))
    return found


def test_holders_of_grants_and_their_branches_hear(
    cast: SimpleNamespace, place: SimpleNamespace, write: Callable[..., Any], told: list[News]
) -> None:
    done = write(cast.alina)
    chain_batch()
    [item] = told
    channels = {f"org:{one.pk}" for one in (place.alfa, place.branch, place.fund)} | {f"appeal:{done.id}"}
    assert (set(item.channels), item.event) == (channels, "appeal.registered")
    assert item.data["number"] == done.number
    assert "Соловьёва" not in item.text()


def test_who_sees_only_that_it_exists_hears_no_more(
    cast: SimpleNamespace, place: SimpleNamespace, write: Callable[..., Any], told: list[News]
) -> None:
    done = write(cast.alina)
    Grant.objects.filter(organisation=place.fund).update(depth1=1)
    chain_batch()
    [deep, shallow] = told
    assert f"org:{place.fund.pk}" not in deep.channels
    assert (shallow.channels, shallow.data) == ((f"org:{place.fund.pk}",), {"id": done.id})


def test_an_import_is_told_once_to_each(
    cast: SimpleNamespace, place: SimpleNamespace, write: Callable[..., Any], told: list[News], monkeypatch: Any
) -> None:
    monkeypatch.setattr(news, "MOST_TOLD", 1)
    write(cast.alina)
    write(cast.alina)
    chain_batch()
    assert {item.event for item in told} == {"appeals.many"}
    assert sorted(channel for item in told for channel in item.channels) == sorted(
        f"org:{one.pk}" for one in (place.alfa, place.branch, place.fund)
    )
