"""What leaves: appeals an organisation sees whole, readable by the partner, nothing of strangers."""

from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from opora.appeals.models import Appeal
from opora.classifiers.words import Kind, Outcome, Verdict
from opora.exchange import vault
from opora.exchange.dispatch import FORMATS, Order, ask, make
from opora.exchange.engine import examine
from opora.exchange.errors import ExchangeRefused
from opora.exchange.leaving import Period
from opora.exchange.models import Parcel
from opora.exchange.models.parcel import State, Way
from opora.exchange.queries import context_of_house
from opora.exchange.tests.test_journal_import import load, open_record
from opora.exchange.tests.test_writers import DEPARTMENT

__all__ = ["load"]


def period() -> Period:
    today = timezone.localdate()
    return Period(today - timedelta(days=1), today + timedelta(days=1))


@pytest.fixture
def journal(load: Any, settings: Any) -> SimpleNamespace:
    """Two appeals of 81001: an open question and a settled complaint."""
    settings.SSTU_DEPARTMENT = DEPARTMENT
    closed = {"closed_on": date(2026, 5, 20), "outcome": Outcome.COMPLAINT_CONSIDERED, "verdict": Verdict.JUSTIFIED}
    load(open_record(), open_record(key="A-2", kind=Kind.COMPLAINT, topic="6", **closed))
    return SimpleNamespace()


def made(organisation: Any, form: str) -> Parcel:
    return make(ask(Order(organisation, period(), form, Way.COMMAND)).pk)


@pytest.mark.parametrize("form", FORMATS)
def test_the_journal_leaves_and_can_be_read(
    journal: Any, channels: dict[str, Any], exchange_dir: Path, form: str
) -> None:
    parcel = made(channels["81001"], form)
    assert parcel.state == State.READY, parcel.refusal
    laid_out = exchange_dir / "out/81001" / parcel.name
    assert laid_out.read_bytes() == vault.place_of(parcel.sha256).read_bytes()
    outcome, _ = examine(laid_out, context_of_house().at(channel="81001"))
    assert (outcome.format, outcome.is_accepted) == (parcel.format, True), outcome.findings
    assert len(outcome.records) == parcel.counts["records"] == (1 if form == "sstu" else 2)


def test_the_partner_finds_his_own_numbers_and_times_with_seconds(
    journal: Any, channels: dict[str, Any], exchange_dir: Path
) -> None:
    text = (exchange_dir / "out/81001" / made(channels["81001"], "g1out").name).read_text("cp1251")
    assert "<n_irp>A-1</n_irp>" in text
    assert "<time_create>10:20:33</time_create>" in text
    fund = (exchange_dir / "out/81000" / made(channels["81000"], "g1out").name).read_text("cp1251")
    assert f"<n_irp>{Appeal.objects.earliest('sequence').pk}</n_irp>" in fund


def test_another_insurer_s_file_holds_nothing_of_it(journal: Any, channels: dict[str, Any]) -> None:
    assert made(channels["81007"], "g1out").counts == {"records": 0}


def test_what_cannot_be_written_is_said(channels: dict[str, Any], settings: Any) -> None:
    today = timezone.localdate()
    with pytest.raises(ExchangeRefused, match="раньше"):
        ask(Order(channels["81000"], Period(today, today - timedelta(days=1)), "g1out", Way.COMMAND))
    with pytest.raises(ExchangeRefused, match="нет"):
        ask(Order(channels["81000"], period(), "dbf", Way.COMMAND))
    settings.SSTU_DEPARTMENT = ""
    with pytest.raises(ExchangeRefused, match="GUID"):
        ask(Order(channels["81000"], period(), "sstu", Way.COMMAND))


def test_writing_twice_is_harmless(journal: Any, channels: dict[str, Any]) -> None:
    parcel = made(channels["81001"], "g1out")
    assert make(parcel.pk).finished_at == parcel.finished_at
