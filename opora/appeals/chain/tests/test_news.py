"""Desks hear of what has changed, as deep as the least of them sees, and no word about a person."""

from collections.abc import Callable
from itertools import product
from types import SimpleNamespace
from typing import Any

import pytest

from opora.access.scope import enter
from opora.appeals.chain import news
from opora.appeals.chain.chainer import chain_batch
from opora.appeals.models import Grant
from opora.appeals.services import note
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


def heard(told: list[News]) -> set[str]:
    return {channel for item in told for channel in item.channels if channel.startswith("org:")}


@pytest.mark.parametrize("who", ["filial", "sp2", "op1"])
def test_a_branch_its_head_and_the_fund_hear_whoever_of_them_acts(
    cast: SimpleNamespace, place: SimpleNamespace, write: Callable[..., Any], told: list[News], who: str
) -> None:
    done = write(cast.filial)
    chain_batch()
    everybody = {f"org:{one.pk}" for one in (place.alfa, place.branch, place.fund)}
    assert heard(told) == everybody
    told.clear()
    employee = getattr(cast, who)
    with enter(employee.scope):
        note(done.id, text="Звонил ещё раз", by=employee)
    chain_batch()
    assert heard(told) == everybody
    assert {item.event for item in told} == {"appeal.changed"}
    assert all("Звонил" not in item.text() for item in told)


def test_desks_and_lists_listen_where_news_are_told(signed_in: Any, cast: SimpleNamespace, write: Any) -> None:
    write(cast.filial)
    for who in ("filial", "sp2", "op1", "boris"):
        channel = f"org:{getattr(cast, who).assignment.organisation_id}"
        assert f'data-live="{channel}"' in signed_in(who).get("/appeals/").content.decode()
        assert f'data-live="{channel} emp:' in signed_in(who).get("/").content.decode()


def test_no_news_say_more_than_any_grant_lets(
    cast: SimpleNamespace, place: SimpleNamespace, write: Callable[..., Any], told: list[News]
) -> None:
    """Every level of every organisation on a channel may know what is told there."""
    done = write(cast.filial)
    chain_batch()
    holders = {place.alfa.pk: {place.alfa.pk, place.branch.pk}, place.fund.pk: {place.fund.pk}}
    for depths in product((0, 1, 2, 4), repeat=3):
        Grant.objects.filter(organisation=place.alfa).update(depth1=depths[0], depth2=depths[1], depth3=depths[2])
        Grant.objects.filter(organisation=place.fund).update(depth1=depths[2], depth2=depths[0], depth3=depths[1])
        told.clear()
        news.tell(None, [SimpleNamespace(appeal_id=done.id, kind="noted")])
        for item in told:
            needed = 1 if set(item.data) == {"id"} else 2
            for holder, branches in holders.items():
                grant = Grant.objects.get(organisation=holder)
                seen = (grant.depth1, grant.depth2, grant.depth3)
                if any(f"org:{one}" in item.channels for one in branches):
                    assert (min(seen) if needed == 2 else max(seen)) >= needed, (depths, item.text())
        assert heard(told) == (
            {f"org:{one}" for one in (*holders[place.alfa.pk], place.fund.pk)} if any(depths) else set()
        )
        assert any(f"appeal:{done.id}" in item.channels for item in told) is (max(depths) > 0)
