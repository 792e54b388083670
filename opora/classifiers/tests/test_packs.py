"""Files: shipped ones are loaded, a version is never rewritten, a bad file is refused with its place."""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.db.models import F
from hypothesis import given
from hypothesis import strategies as st

from opora.classifiers import queries
from opora.classifiers.differences import Change
from opora.classifiers.errors import ClassifierRefused, NoEdition, NoSuchTopic, VersionTaken
from opora.classifiers.events import edition_loaded
from opora.classifiers.models import Edition, Mapping, Topic
from opora.classifiers.packs import SHIPPED, read_bytes, read_file
from opora.classifiers.places import line_of
from opora.classifiers.services import load_edition, load_shipped_editions, preview_edition

type Write = Callable[[Any], Path]
ROWS = {"pg-a": {"consultation": "4.14"}, "pg-b": {"consultation": "4.13"}, "sstu": {}}
SMALL: dict[str, Any] = {
    "kind": "topics",
    "territory": "50000",
    "version": "1",
    "since": "2026-01-01",
    "title": "Темы области",
    "source": "приказ фонда",
    "topics": [{"code": "1", "title": "Вопросы", "kinds": ["consultation"], "rows": ROWS}],
}
CODES: dict[str, Any] = {
    "kind": "mapping",
    "system": "prm",
    "version": "1",
    "since": "2026-01-01",
    "title": "Коды Перми",
    "source": "письмо",
    "lists": {"kind": [{"ours": "complaint", "theirs": "Ж"}], "topic": [{"ours": "5", "theirs": "орг"}]},
}


@pytest.fixture
def written(tmp_path: Path) -> Write:
    def write(content: Any) -> Path:
        path = tmp_path / "file.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content, indent=1), encoding="utf-8")
        return path

    return write


@pytest.fixture
def moved_home(db: None, written: Write) -> None:
    """The territory follows the country's edition 3: what it leaves out says where it went."""
    country = queries.topics("", date(2026, 1, 1))
    load_edition(read_file(written(SMALL | {"moved": {t.code: "1" for t in country if t.code != "1"}})))


@pytest.fixture
def heard() -> Iterator[list[Any]]:
    news: list[Any] = []
    edition_loaded.connect(
        lambda edition, differences, **_: news.append((edition, differences)), weak=False, dispatch_uid="test"
    )
    yield news
    edition_loaded.disconnect(dispatch_uid="test")


def test_shipped_editions_are_there_and_loading_them_again_changes_nothing(db: None) -> None:
    before = list(Edition.objects.values_list("pk", flat=True))
    assert len(before) == len(list(SHIPPED.glob("*.json")))
    load_shipped_editions()
    assert list(Edition.objects.values_list("pk", flat=True)) == before


def test_a_shipped_version_never_changes() -> None:
    """An installation that has loaded a version refuses other content under it: a new edition gets a new version."""
    known = dict(line.split("  ")[::-1] for line in (SHIPPED / "SHA256").read_text().splitlines())
    assert known == {path.name: read_file(path).sha256 for path in sorted(SHIPPED.glob("*.json"))}


def test_the_day_chooses_the_edition(db: None) -> None:
    assert queries.current_edition("50000", date(2018, 3, 1)).version == "2"
    assert queries.current_edition("50000", date(2026, 3, 1)).version == "3"
    with pytest.raises(NoEdition):
        queries.current_edition("50000", date(2010, 3, 1))


def test_the_territory_comes_before_the_country(moved_home: None) -> None:
    assert [topic.title for topic in queries.topics("50000", date(2026, 3, 1))] == ["Вопросы"]
    assert len(queries.topics("01000", date(2026, 3, 1))) > 100
    assert len(queries.topics("50000", date(2025, 3, 1))) > 100


def test_a_version_is_never_rewritten(moved_home: None, written: Write) -> None:
    with pytest.raises(VersionTaken):
        load_edition(read_file(written(SMALL | {"title": "Иначе"})))
    for change in (Edition.objects.update, Topic.objects.update, Mapping.objects.update):
        with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
            change(id=F("id"))


def test_a_new_version_says_what_changes_and_rooms_hear_it(moved_home: None, written: Write, heard: list[Any]) -> None:
    rows = {**ROWS, "pg-b": {"consultation": "4.5"}}
    one = SMALL["topics"][0] | {"title": "Все вопросы", "rows": rows}
    two = SMALL["topics"][0] | {"code": "2"}
    file = read_file(written(SMALL | {"version": "2", "since": "2026-02-01", "topics": [one, two]}))
    assert [d.change for d in preview_edition(file).differences] == [Change.RETITLED, Change.ROWS, Change.ADDED]
    assert heard == []
    loaded = load_edition(file)
    assert [str(difference) for difference in loaded.differences] == [
        "1 Все вопросы — названо иначе: было — Вопросы, стало — Все вопросы",
        "1 Все вопросы — другая строка отчёта: было — ПГ с 2020, консультация: 4.13,"
        " стало — ПГ с 2020, консультация: 4.5",
        "2 Вопросы — добавлено",
    ]
    assert heard == [(loaded.edition, loaded.differences)]
    assert not load_edition(file).is_new


def test_a_vanishing_topic_must_say_where_it_went(moved_home: None, written: Write) -> None:
    other = SMALL | {"version": "2", "topics": [SMALL["topics"][0] | {"code": "7"}]}
    with pytest.raises(ClassifierRefused, match="Напишите в moved"):
        load_edition(read_file(written(other)))
    loaded = load_edition(read_file(written(other | {"moved": {"1": "7"}})))
    assert [str(d) for d in loaded.differences] == [
        "7 Вопросы — добавлено",
        "1 Вопросы — убрано, перешло в 7 Вопросы",
    ]


def test_topics_by_kind_and_by_code(db: None) -> None:
    on = date(2026, 3, 1)
    assert {topic.code for topic in queries.topics("", on, "thanks")} == {"14", "14.3", "14.4"}
    assert queries.topic_for("5.10", "", on).title == "Чистота и состояние помещений"
    with pytest.raises(NoSuchTopic):
        queries.topic_for("99", "", on)


def test_finding_costs_one_query(db: None, django_assert_num_queries: Any) -> None:
    on = date(2026, 3, 1)
    queries.find_topics("полис", "", on)
    with django_assert_num_queries(1):
        found = queries.find_topics("потерял полис", "", on, "application")
    assert found[0].code == "2.3"
    assert all("application" in topic.kinds for topic in found)


def test_an_old_appeal_keeps_its_version_and_counts_in_the_new_report(db: None) -> None:
    then = date(2018, 3, 1)
    waiting = queries.topic_for("5.21", "", then)
    assert waiting.edition.version == "2"
    assert queries.rows_of(waiting, "consultation", (), "pg-a") == ("4.5", "4")
    assert queries.rows_of(waiting, "consultation", (), "pg-b") == ("4.6.1", "4.6", "4")
    assert queries.rows_of(queries.topic_for("5.11", "", then), "complaint", (), "pg-b")[0] == "3.5.1"


def test_every_old_topic_counts_in_every_form(db: None, django_assert_max_num_queries: Any) -> None:
    old = queries.topics("", date(2018, 3, 1))
    with django_assert_max_num_queries(4):
        book = queries.rows_book(old, "pg-b")
    assert set(book) == {topic.pk for topic in old}
    assert all("pg-b" in rows for rows in book.values())


def test_a_partners_list_is_dated_and_follows(db: None, written: Write) -> None:
    load_edition(read_file(written(CODES)))
    again = CODES | {"version": "2", "since": "2026-06-01", "lists": {"kind": [{"ours": "complaint", "theirs": "2"}]}}
    loaded = load_edition(read_file(written(again)))
    assert [str(d) for d in loaded.differences] == [
        "kind: complaint — другой код партнёра: было — Ж, стало — 2",
        "topic: 5 — другой код партнёра: было — орг, стало — ничего",
    ]
    assert queries.our_code("prm", "kind", "Ж", date(2026, 5, 31)) == "complaint"
    assert queries.our_code("prm", "kind", "Ж", date(2026, 6, 1)) is None
    assert queries.partner_code("prm", "kind", "complaint", date(2026, 6, 1)) == "2"


def test_a_partners_list_names_real_topics(db: None, written: Write) -> None:
    with pytest.raises(ClassifierRefused, match="темы «99» нет"):
        load_edition(read_file(written(CODES | {"lists": {"topic": [{"ours": "99", "theirs": "x"}]}})))


TOPIC = SMALL["topics"][0]


def with_topic(**fields: Any) -> dict[str, Any]:
    return SMALL | {"topics": [TOPIC, TOPIC | {"code": "2"} | fields]}


def with_list(of: str, *pairs: dict[str, Any]) -> dict[str, Any]:
    return CODES | {"lists": {of: list(pairs)}}


BAD_FILES = [
    ("{", "строка 1, знак 2: это не JSON"),
    ('{"kind": "topics", "kind": "topics"}', "поле «kind» записано дважды"),
    ("[" * 100_000, "слишком много вложенных скобок"),
    ('{"kind": ' + "1" * 5000 + "}", "число длиннее, чем бывает"),
    (SMALL | {"title": "а\x00б"}, "непечатные знаки"),
    ('{"kind": "\\ud800"}', "непечатные знаки"),
    ([], "поле kind должно быть одним из: topics, mapping"),
    (SMALL | {"kind": "song"}, "строка 2, kind: поле kind должно быть одним из"),
    (SMALL | {"colour": "red"}, "colour: такого поля здесь не бывает"),
    (SMALL | {"until": "2025-01-01"}, "until: версия кончается раньше"),
    (SMALL | {"topics": []}, "topics: список пуст"),
    ({name: value for name, value in SMALL.items() if name != "source"}, "source: поле обязательно"),
    (with_topic(code="1"), "строка 26, topics.1.code: код «1» уже есть выше"),
    (with_topic(code="слишком-длинный-код"), "topics.1.code: значение «слишком-длинный-код» сюда не подходит"),
    (with_topic(parent="9"), "topics.1.parent: темы «9», в которую входит «2», выше нет"),
    (with_topic(kinds=["song"]), "topics.1.kinds.0: значение «song» сюда не подходит"),
    (with_topic(kinds=["consultation"] * 2), "topics.1.kinds: одно и то же названо дважды"),
    (with_topic(rows={"pg-z": {}}), "topics.1.rows.pg-z: таблицы «pg-z» нет"),
    (with_topic(rows={"pg-b": {"consultation": "9.9"}}), "rows.pg-b.consultation: строки «9.9» нет"),
    (with_topic(rows={"pg-b": {"consultation": "3.5"}}), "строка «3.5» не для этого вида обращений"),
    (with_topic(rows={"pg-b": {"song": "3.5"}}), "вида обращения «song» нет"),
    (with_topic(rows={"pg-b": {"complaint": "3.5"}}), "rows.pg-b: не сказано, куда идёт консультация"),
    (SMALL | {"moved": {"8": "9"}}, "moved.8: темы «9» в этой версии нет"),
    (SMALL | {"moved": {"1": "1"}}, "moved.1: тема «1» есть в самой версии"),
    (with_list("song", {"ours": "a", "theirs": "b"}), "lists.song: списка «song» нет"),
    (with_list("topic:song", {"ours": "a", "theirs": "b"}), "вида обращения «song» нет"),
    (with_list("kind", {"ours": "song", "theirs": "1"}), "lists.kind.0.ours: слова «song» в списке «kind» нет"),
    (with_list("topic", {"ours": "5+song", "theirs": "1"}), "признака «song» нет"),
    (
        with_list("kind", {"ours": "complaint", "theirs": "1"}, {"ours": "thanks", "theirs": "1"}),
        "lists.kind.1.theirs: код «1» уже читается иначе",
    ),
    (
        with_list("kind", {"ours": "complaint", "theirs": "1"}, {"ours": "complaint", "theirs": "2"}),
        "lists.kind.1.ours: «complaint» уже пишется иначе",
    ),
]


@pytest.mark.parametrize(("content", "sentence"), BAD_FILES)
def test_a_bad_file_is_refused_with_its_place(written: Write, content: Any, sentence: str) -> None:
    with pytest.raises(ClassifierRefused, match=sentence):
        read_file(written(content))


leaves = st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["1", "topics", "5", "any"])
trees = st.recursive(leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner))


@given(st.sampled_from([SMALL, CODES]), st.data())
def test_whatever_stands_in_a_field_is_taken_or_refused(content: dict[str, Any], data: st.DataObject) -> None:
    """A file with any value in any place never breaks the program."""
    spoilt = json.loads(json.dumps(content))
    place: Any = spoilt
    steps: list[Any] = []
    while isinstance(place, dict | list) and place and (not steps or data.draw(st.booleans())):
        keys = sorted(place) if isinstance(place, dict) else list(range(len(place)))
        steps.append((place, data.draw(st.sampled_from(keys))))
        place = place[steps[-1][1]]
    holder, key = steps[-1]
    holder[key] = data.draw(trees)
    with suppress(ClassifierRefused):
        assert read_bytes(json.dumps(spoilt).encode(), name="file.json").sha256


def test_several_faults_are_counted(written: Write) -> None:
    with pytest.raises(ClassifierRefused, match="Всего таких мест: 2"):
        read_file(written(with_topic(code="1", parent="9")))


@pytest.mark.parametrize("path", [["topics", 0, "code"], ["topics", 1, "rows", "pg-b"], ["version"]])
def test_a_line_is_that_of_the_value(path: list[str | int]) -> None:
    text = json.dumps(SMALL | {"topics": [TOPIC, TOPIC]}, indent=1)
    value: Any = json.loads(text)
    for step in path:
        value = value[step]
    line = text.splitlines()[(line_of(text, path) or 0) - 1]
    assert f'"{path[-1]}"' in line
    assert json.dumps(value, indent=1).splitlines()[0] in line


def test_clinics_of_a_partner_are_codes_of_digits(db: None, written: Write) -> None:
    lists = {"provider": [{"ours": "540001", "theirs": "101001"}], "insurer": [{"ours": "54001", "theirs": "2"}]}
    load_edition(read_file(written({**CODES, "lists": lists})))
    book = queries.codes("prm", date(2026, 5, 1))
    assert (book.ours("provider", "101001"), book.theirs("insurer", "54001")) == ("540001", "2")
    with pytest.raises(ClassifierRefused, match="не код клиники"):
        read_file(written({**CODES, "lists": {"provider": [{"ours": "Поликлиника", "theirs": "1"}]}}))
