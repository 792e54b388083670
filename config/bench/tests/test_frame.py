"""The frame judges honestly: medians, ratios, every condition of a bar, at least three rounds."""

import json
from dataclasses import replace
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from config.bench import frame
from config.bench.errors import BenchRefused
from config.bench.frame import Bench, Result, Round, Work, chosen, discover, judge, measure
from config.bench.place import Place

BENCH = Bench(Place("postgresql://nobody@127.0.0.1:1/none"), scale=0.1, people=10)


def a_work(*bar: str, rounds=()) -> Work:
    return Work("house.thing", "с", bar, lambda bench: iter(rounds))


def test_figure_and_limit_are_medians_and_the_ratio_is_theirs():
    result = judge(a_work("<= 3"), [Round(10, 4), Round(90, 5), Round(12, 6)])

    assert (result.figure, result.limit, result.ratio, result.runs, result.ok) == (12, 5, 2.4, 3, True)


@pytest.mark.parametrize(
    ("bar", "ok"),
    [
        (("<= 2.4",), True),
        (("<= 2.39",), False),
        ((">= 2.4",), True),
        (("figure <= 12",), True),
        (("figure <= 11",), False),
        (("<= 3", "queries <= 9"), True),
        (("<= 3", "queries <= 8"), False),  # the worst round had nine
    ],
)
def test_every_condition_of_the_bar_must_hold(bar, ok):
    rounds = [Round(12, 5, {"queries": 7}), Round(12, 5, {"queries": 9}), Round(12, 5, {"queries": 8})]

    assert judge(a_work(*bar), rounds).ok is ok


def test_two_rounds_prove_nothing():
    assert judge(a_work("figure <= 100"), [Round(1), Round(1)]).ok is False


def test_a_work_that_is_one_long_storm_says_that_one_round_is_enough():
    storm = replace(a_work("lost <= 0"), least=1)

    assert [judge(storm, [Round(900, also={"lost": lost})]).ok for lost in (0, 1)] == [True, False]


def test_further_figures_are_in_the_document_too():
    result = judge(
        a_work("lost <= 0"), [Round(1, also={"lost": 0, "kills": 7}), Round(1, also={"lost": 2, "kills": 9})]
    )

    assert result.document()["also"] == {"lost": 2, "kills": 9}


def test_a_bar_on_the_ratio_does_not_hold_without_a_limit():
    result = judge(a_work("<= 3"), [Round(1), Round(1), Round(1)])

    assert (result.ratio, result.ok) == (None, False)


def test_what_fails_is_a_result_that_says_so():
    def broken(bench):
        yield Round(1, 1)
        raise BenchRefused("Файл не загрузился")

    result = measure(Work("house.broken", "с", ("<= 3",), broken), BENCH)

    assert (result.figure, result.ok, result.runs, result.note) == (None, False, 0, "не измерено: Файл не загрузился")


def test_groups_and_names_choose_and_a_wrong_name_is_refused(monkeypatch):
    known = {name: Work(name, "с", (), lambda bench: iter(())) for name in ("house.a", "house.b", "journal.a")}
    monkeypatch.setattr(frame, "WORKS", known)

    assert [work.name for work in chosen(["house"])] == ["house.a", "house.b"]
    assert [work.name for work in chosen(["journal.a", "house.b"])] == ["house.b", "journal.a"]
    assert len(chosen([])) == 3
    with pytest.raises(BenchRefused, match="Нет такого замера: hous"):
        chosen(["hous"])


@pytest.mark.parametrize(("name", "bar"), [("garden.a", "<= 3"), ("house.a", "< 3"), ("house.a", "fast")])
def test_a_work_outside_the_groups_or_with_an_unreadable_bar_is_an_error(name, bar):
    with pytest.raises(ValueError, match=name):
        frame.work(name, unit="с", bar=(bar,))(lambda bench: iter(()))


def test_the_promised_works_are_there():
    discover()

    assert {"house.import", "house.person_page", "house.start"} <= set(frame.WORKS)


def test_one_name_is_measured_in_one_place(monkeypatch):
    elsewhere = Work("house.thing", "с", (), test_one_name_is_measured_in_one_place)
    monkeypatch.setattr(frame, "WORKS", {"house.thing": elsewhere})

    with pytest.raises(ValueError, match="measured twice"):
        frame.work("house.thing", unit="с", bar=())(discover)


def test_the_document_is_the_one_of_the_handbook():
    keys = ["name", "figure", "unit", "limit", "ratio", "bar", "ok", "runs", "note", "also"]

    assert list(Result("a.b", 1, "с", 2, 0.5, "<= 3", True, 3, "").document()) == keys


@pytest.fixture
def command(monkeypatch, db):
    """``opora bench`` with one work of ours and no cluster to build."""
    from contextlib import nullcontext

    import typer
    from django.db import connections

    import config.bench.place as place
    from config.commands.bench import bench

    rounds = [Round(12, 5, {"queries": 9})] * 3
    monkeypatch.setattr(frame, "discover", lambda: None)
    monkeypatch.setattr(
        frame,
        "WORKS",
        {"house.thing": Work("house.thing", "мс", ("<= 3",), lambda _: iter(rounds), needs_people=False)},
    )
    monkeypatch.setattr(place, "bench_place", lambda: nullcontext(SimpleNamespace(drop=lambda name: None)))
    monkeypatch.setattr(connections, "close_all", lambda: None)
    app = typer.Typer()
    app.command()(bench)
    return lambda *arguments: CliRunner().invoke(app, list(arguments))


def test_json_is_one_document(command):
    document = json.loads(command("--json").stdout)

    assert set(document["machine"]) == {"cores", "memory_gib", "system", "load", "python", "postgresql"}
    assert [result["name"] for result in document["results"]] == ["house.thing"]
    assert document["results"][0]["ratio"] == 2.4


def test_the_table_says_the_verdict(command):
    shown = command("house").stdout

    assert "house.thing" in shown
    assert "держит" in shown


def test_an_unknown_name_is_refused(command):
    assert isinstance(command("attic").exception, BenchRefused)
