"""Synonyms of a territory: tried before they are added, found by at once, taken away, brought back."""

from datetime import date
from typing import Any

import pytest
from django.db import ProgrammingError, transaction

from opora.classifiers import naming
from opora.knowledge import errors, queries, synonyms
from opora.knowledge.models import AnswerCard, SynonymChange
from opora.knowledge.trying import effect

TODAY = date(2026, 6, 1)
WORDS = ("шмурдяк", "кабинет представителя")


def found(text: str, territory: str = "50000") -> list[str]:
    return [one.question for one in queries.find_cards(text, territory=territory, level=3, on=TODAY)]


def test_a_word_finds_what_it_means(approved: AnswerCard, cast: Any) -> None:
    assert found("шмурдяк") == []
    tried = effect("шмурдяк", WORDS, territory="50000")
    assert (tried.without, tried.given) == ((), ("Где пост страхового представителя?",))
    assert found("шмурдяк") == []  # a trial keeps nothing
    row = synonyms.add(WORDS, territory="50000", by=cast.sp3)
    assert found("шмурдяк") == ["Где пост страхового представителя?"]
    synonyms.remove("50000", row.mark, by=cast.boris)
    assert found("шмурдяк") == []
    synonyms.restore("50000", row.mark, by=cast.sp3)
    assert found("шмурдяк") == ["Где пост страхового представителя?"]
    told = [(change.kind, change.by) for change in synonyms.history("50000", row.mark)]
    assert told == [("restored", cast.sp3), ("removed", cast.boris), ("added", cast.sp3)]


def test_the_same_words_are_one_group(cast: Any) -> None:
    synonyms.add(WORDS, territory="50000", by=cast.sp3)
    with pytest.raises(errors.SynonymsTaken):
        synonyms.add(("кабинеты представителей", "шмурдяки"), territory="50000", by=cast.sp3)
    with pytest.raises(errors.SynonymsTaken):
        synonyms.add(naming.pack().groups[0], territory="50000", by=cast.sp3)
    assert synonyms.add(WORDS, territory="51000", by=cast.sp3).territory == "51000"


def test_a_shipped_group_is_taken_away_for_one_territory(cast: Any) -> None:
    names = naming.pack().groups[0]
    mark = synonyms.mark_of(names)
    synonyms.remove("50000", mark, by=cast.sp3)
    synonyms.remove("50000", mark, by=cast.sp3)
    assert SynonymChange.objects.filter(group__mark=mark).count() == 1
    assert synonyms.acting("50000") != naming.names()
    assert synonyms.acting("51000") is naming.names()
    synonyms.add(names, territory="50000", by=cast.sp3)
    assert synonyms.acting("50000").others == naming.names().others


@pytest.mark.parametrize("text", ["", "полис", "полис, полисы", "и, или"])
def test_one_name_is_no_synonym(text: str) -> None:
    with pytest.raises(errors.SynonymsTooFew):
        synonyms.names_of(text)


def test_history_stays(cast: Any) -> None:
    row = synonyms.add(WORDS, territory="50000", by=cast.sp3)
    with pytest.raises(ProgrammingError), transaction.atomic():
        row.changes.all().delete()


def test_the_page(approved: AnswerCard, signed_in: Any) -> None:
    sp3 = signed_in("sp3")
    assert "больничный" in sp3.get("/knowledge/synonyms/?q=больнич").content.decode()
    sent = {"names": "шмурдяк, кабинет представителя", "sample": "шмурдяк"}
    shown = sp3.post("/knowledge/synonyms/effect/", sent).content.decode()
    assert "Без этих слов" in shown
    assert "Где пост страхового представителя?" in shown
    assert (
        "Напишите вопрос для пробы." in sp3.post("/knowledge/synonyms/effect/", sent | {"sample": ""}).content.decode()
    )
    assert sp3.post("/knowledge/synonyms/", sent).status_code == 302
    assert "уже стоят" in sp3.post("/knowledge/synonyms/", sent).content.decode()
    mark = synonyms.mark_of(WORDS)
    sp3.post(f"/knowledge/synonyms/{mark}/removal/")
    page = sp3.get(f"/knowledge/synonyms/{mark}/").content.decode()
    assert "Убраны" in page
    assert "Вернуть" in page
    assert sp3.get("/knowledge/synonyms/0000/").status_code == 404
    assert signed_in("alina").get("/knowledge/synonyms/").status_code == 403
