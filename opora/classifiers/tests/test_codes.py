"""Partners' codes: both directions, many to one, every shipped list complete."""

from datetime import date

import pytest

from opora.classifiers import queries
from opora.classifiers.book import Book, book
from opora.classifiers.checks import VOCABULARIES
from opora.classifiers.packs import SHIPPED, ClassifierFile, read_file

ON = date(2026, 5, 12)
THREE = {topic.code: topic for topic in read_file(SHIPPED / "topics-3.json").topics}
FILES: dict[str, ClassifierFile] = {
    path.stem.split("-")[1]: read_file(path) for path in sorted(SHIPPED.glob("mapping-*.json"))
}
BOOKS: dict[str, Book] = {system: book(system, file.pairs) for system, file in FILES.items()}

THEMES_OF_THE_SAMPLES = [
    "3.1", "3.2", "3.5.1", "3.6.2.1", "3.7.2", "3.11", "4.1", "4.2", "4.3", "4.5", "4.6.1", "4.7.2", "4.7.3", "4.8",
    "4.10", "4.12", "4.13", "5",
]  # fmt: skip


@pytest.mark.parametrize("theme", THEMES_OF_THE_SAMPLES)
@pytest.mark.parametrize("kind", ["consultation", "complaint", "proposal", "application", "out_of_scope"])
def test_themes_of_the_samples_are_read(theme: str, kind: str) -> None:
    found = BOOKS["hmao"].topic(theme, kind)
    assert found
    assert found[0] in THREE


WRITTEN_WITH = [
    # kind, theme as in the samples of the journal: read and written back it is the same
    ("consultation", "4.1"), ("consultation", "4.3"), ("consultation", "4.6.1"), ("consultation", "4.7.2"),
    ("consultation", "4.8"), ("consultation", "4.10"), ("consultation", "4.13"), ("consultation", "4.7.2.1"),
    ("complaint", "3.2"), ("complaint", "3.5.1"), ("complaint", "3.6.2.1"), ("complaint", "3.7.2"),
    ("complaint", "3.11"),
    ("proposal", "5"), ("application", "5"), ("out_of_scope", "5"), ("thanks", "5"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "theme"), WRITTEN_WITH)
def test_a_theme_of_the_journal_comes_back(kind: str, theme: str) -> None:
    code, flags = BOOKS["hmao"].topic(theme, kind) or ("", frozenset())
    assert kind in THREE[code].kinds
    assert BOOKS["hmao"].theme(code, kind, flags) == theme


COMPLETE = [
    ("hmao", ["kind", "channel", "origin", "verdict", "responsible", "outcome", "line", "outside"]),
    ("stv", ["kind", "form", "verdict"]),
    ("nsk", ["kind", "form", "verdict"]),
    ("intraservice", ["kind", "answer_channel", "origin", "line", "verdict", "outcome"]),
]


@pytest.mark.parametrize(("system", "of"), [(system, of) for system, lists in COMPLETE for of in lists])
def test_every_word_of_ours_can_be_written(system: str, of: str) -> None:
    assert {ours for ours in VOCABULARIES[of] if not BOOKS[system].theirs(of, ours)} == set()


@pytest.mark.parametrize("system", ["hmao", "stv", "nsk", "intraservice"])
def test_every_topic_can_be_written_in_each_of_its_kinds(system: str) -> None:
    silent = {(t.code, kind) for t in THREE.values() for kind in t.kinds if not BOOKS[system].theme(t.code, kind)}
    assert silent == set()


@pytest.mark.parametrize("system", FILES)
def test_what_is_written_can_be_read(system: str) -> None:
    made = BOOKS[system]
    assert [pair for pair in FILES[system].pairs if made.ours(pair.of, pair.theirs) is None] == []


@pytest.mark.parametrize("system", FILES)
def test_a_code_that_is_read_is_written_back(system: str) -> None:
    made = BOOKS[system]
    for pair in FILES[system].pairs:
        if pair.is_main_ours and pair.is_main_theirs:
            assert made.theirs(pair.of, made.ours(pair.of, pair.theirs) or "") == pair.theirs


READ = [
    ("hmao", "channel", "1", "hot_line"),
    ("hmao", "verdict", "1.1", "pretrial"),
    ("stv", "kind", "1", "complaint"),
    ("nsk", "kind", "1", "complaint"),
    ("nsk", "channel", "3", "hot_line"),
    ("stv", "channel", "9", "internet"),
    ("intraservice", "channel", "1. По телефону «горячей линии»", "hot_line"),
    ("intraservice", "origin", "Напрямую  от заявителя", "direct"),
    ("intraservice", "outcome", "дана консультация", "consulted"),
    ("intraservice", "answer_channel", "Звонок обратившемуся", "call"),
    ("intraservice", "topic", "4.2 о выборе МО в сфере ОМС", "3"),
    ("intraservice", "topic:complaint", "ж 7 Организация работы МО", "5"),
    ("intraservice", "topic", "ж7. организация работы", "5"),
    ("intraservice", "topic", "4.12.1 иначе сказано", "12.1"),
    ("stv", "topic:application", "3.2.2", "1.1"),
    ("stv", "topic:complaint", "ж6", "1"),
    ("stv", "topic:complaint", "ж17", "13"),
    ("nsk", "topic", "4.14", "13"),
    ("nsk", "topic:application", "3.6", "13"),
    ("nsk", "topic:complaint", "ж13.2", "10.2"),
    ("sstu", "topic", "0002.0014.0143.0390", "6"),
    ("hmao", "kind", "9", None),
    ("hmao", "topic", "9.99.99", None),
    ("nowhere", "kind", "1", None),
]


@pytest.mark.parametrize(("system", "of", "theirs", "ours"), READ)
def test_codes_are_read(db: None, system: str, of: str, theirs: str, ours: str | None) -> None:
    assert queries.our_code(system, of, theirs, ON) == ours


def test_flags_of_a_theme_are_not_lost() -> None:
    assert BOOKS["hmao"].topic("4.7.2.1", "consultation") == ("7.2", frozenset({"age_65"}))
    assert BOOKS["hmao"].theme("7.2", "consultation", {"age_65", "abroad"}) == "4.7.2.1"
    assert BOOKS["hmao"].theme("7.2", "consultation") == "4.7.2"


def test_one_topic_has_other_numbers_as_a_complaint() -> None:
    made = BOOKS["hmao"]
    assert (made.theme("5.11", "consultation"), made.theme("5.11", "complaint")) == ("4.5", "3.5.1")


def test_groups_of_the_portal_are_those_of_the_rows() -> None:
    """The list of the portal and the rows of the topics say the same."""
    rows = {code: topic.rows["sstu"]["any"] for code, topic in THREE.items() if topic.rows["sstu"]}
    assert {pair.ours: pair.theirs for pair in FILES["sstu"].pairs} == rows


def test_a_book_costs_one_query_and_records_none(db: None, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    queries.codes("hmao", ON)
    with django_assert_num_queries(1):
        made = queries.codes("hmao", ON)
        assert all(made.topic("4.5", "consultation") for _ in range(20_000))
