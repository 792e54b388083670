"""Ends of chains: one for each day of the organisation, given away, kept, held against the chain."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from opora.appeals.chain import heads
from opora.appeals.chain.chainer import chain_batch
from opora.appeals.chain.heads import HeadsContradict, HeadsRefused
from opora.appeals.chain.tests.test_verify import rewrite
from opora.appeals.chain.verify import verify
from opora.appeals.models import DailyHead

# 23:30 of the first of March in Novosibirsk, half past midnight of the second there
EVENING, NIGHT = datetime(2026, 3, 1, 16, 30, tzinfo=UTC), datetime(2026, 3, 1, 17, 30, tzinfo=UTC)


def test_the_day_ends_where_the_organisation_is(history: SimpleNamespace, place: SimpleNamespace) -> None:
    assert heads.note_day(EVENING) == 2
    assert heads.note_day(EVENING) == 0
    assert heads.note_day(NIGHT) == 2
    days = DailyHead.objects.filter(organisation_id=place.alfa.pk).order_by("on").values_list("on", "position")
    assert list(days) == [(date(2026, 2, 28), 8), (date(2026, 3, 1), 8)]


def test_given_heads_are_believed_until_the_chain_is_rewritten(
    history: SimpleNamespace, place: SimpleNamespace, forge: Callable[..., int], tmp_path: Path
) -> None:
    file = tmp_path / "heads.json"
    file.write_text(json.dumps(heads.document(place.alfa)))
    assert verify(heads=heads.read(file)).is_clean
    rewrite(place.alfa, forge, position=2)
    [named] = [one for one in verify(heads=heads.read(file)).findings if one.what == "rewritten"]
    assert "heads.json" in named.sentence


def test_our_own_days_find_a_rewritten_chain_too(
    history: SimpleNamespace, place: SimpleNamespace, forge: Callable[..., int]
) -> None:
    heads.note_day(EVENING)
    rewrite(place.alfa, forge, position=2)
    assert "rewritten" in {one.what for one in verify().findings}


def test_a_chain_that_grows_keeps_its_days(
    history: SimpleNamespace, cast: SimpleNamespace, write: Callable[..., Any]
) -> None:
    heads.note_day(EVENING)
    write(cast.alina, closed=True)
    chain_batch()
    assert verify().is_clean


def test_the_heads_of_a_partner_are_kept_once_and_may_not_change(
    place: SimpleNamespace, tmp_path: Path, system: None
) -> None:
    file = tmp_path / "partner.json"

    def given(*days: tuple[str, int, str]) -> int:
        rows = [{"on": on, "position": position, "hash": letter * 64} for on, position, letter in days]
        owner = {"kind": place.other_fund.kind, "code": place.other_fund.code, "name": ""}
        whole = {"format": heads.FORMAT, "organisation": owner, "made_at": "2026-03-05T00:00:00+00:00", "now": None}
        file.write_text(json.dumps(whole | {"heads": rows}))
        return heads.keep(file)

    assert given(("2026-03-01", 10, "a"), ("2026-03-02", 20, "b")) == 2
    assert given(("2026-03-01", 10, "a"), ("2026-03-02", 20, "b"), ("2026-03-03", 20, "b")) == 1
    assert set(DailyHead.objects.values_list("is_foreign", flat=True)) == {True}
    with pytest.raises(HeadsContradict, match=r"01\.03\.2026"):
        given(("2026-03-01", 10, "c"))
    with pytest.raises(HeadsContradict, match="короче"):
        given(("2026-03-04", 19, "d"))


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": "other"}', "\xff"])
def test_what_is_no_file_of_heads_is_refused_in_words(tmp_path: Path, text: str, db: None) -> None:
    file = tmp_path / "strange.json"
    file.write_text(text, encoding="latin-1")
    with pytest.raises(HeadsRefused, match=r"strange\.json"):
        heads.read(file)
