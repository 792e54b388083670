"""Templates are checked when saved, filled when used, and belong to whoever signs."""

from datetime import date
from typing import Any

import pytest

from opora.access.scope import enter
from opora.knowledge import errors, letters
from opora.knowledge.models import LetterTemplate
from opora.knowledge.templating import reword_template
from opora.knowledge.words import Letter
from opora.organisations.models import HotLine
from opora.shared import documents
from opora.shared.conflict import ChangedMeanwhile
from opora.shared.declension import PersonName

POLINA = PersonName("Иванова", "Полина", "Сергеевна")
VALUES = {
    "number": "54-17/2026",
    "registered_on": "02.03.2026",
    "topic": "Сроки ожидания",
    "answer": "Вас приняли позже срока.\n\nЗапись перенесли на 05.03.2026.",
}


def reply(place: Any, **changes: Any) -> documents.Letter:
    given = {"organisation": place.alfa, "values": VALUES, "to": letters.citizen(POLINA, "г. Новосибирск"), **changes}
    return letters.compose(Letter.REPLY, **given)


def test_the_shipped_reply_greets_answers_and_tells_whom_to_call(place: Any) -> None:
    HotLine.objects.create(organisation=place.alfa, phone="+78000000001")
    letter = reply(place, dated=date(2026, 3, 9), number="17")
    assert letter.addressee == ("Ивановой Полине Сергеевне", "г. Новосибирск")
    assert letter.greeting == "Уважаемая Полина Сергеевна!"
    assert letter.body[0] == "Мы рассмотрели ваше обращение № 54-17/2026 от 02.03.2026. Тема: Сроки ожидания."
    assert letter.body[1:3] == ("Вас приняли позже срока.", "Запись перенесли на 05.03.2026.")
    assert "800 000-00-01" in letter.body[-1]
    assert letter.head.name == "СМО Альфа"


def test_without_a_number_nobody_is_told_to_call(place: Any) -> None:
    assert "позвоните" not in " ".join(reply(place).body)


@pytest.mark.parametrize("kind", Letter.values)
def test_every_shipped_letter_is_whole_and_makes_both_files(place: Any, kind: str) -> None:
    wording = letters.shipped(kind)
    letters.check(kind, wording.about, wording.body)
    letter = letters.example(kind, organisation=place.fund, wording=wording)
    assert "{" not in " ".join([letter.about, letter.title, *letter.body])
    assert documents.letter(letter, "pdf").startswith(b"%PDF")
    assert documents.letter(letter, "docx").startswith(b"PK")


def test_a_letter_without_its_answer_is_not_written(place: Any) -> None:
    with pytest.raises(errors.LetterIncomplete, match="текст ответа"):
        reply(place, values={**VALUES, "answer": ""})


def test_braces_of_a_citizen_stay_what_they_are(place: Any) -> None:
    letter = reply(place, values={**VALUES, "answer": "Вы писали: {номер} {x}"})
    assert letter.body[1] == "Вы писали: {номер} {x}"


def test_an_unknown_field_is_refused_with_its_place_and_a_guess() -> None:
    with pytest.raises(errors.FieldUnknown) as refusal:
        letters.check(Letter.REPLY, "О деле {номир}", "Здравствуйте\nВаш {ответ} и {заявителя}")
    assert "строка 1, знак 8" in refusal.value.sentence
    assert "строка 2, знак 15" in refusal.value.sentence
    assert "возможно, {заявитель}" in refusal.value.sentence


def test_a_reply_must_name_its_answer() -> None:
    with pytest.raises(errors.FieldUnknown, match=r"нужно поле \{ответ\}"):
        letters.check(Letter.REPLY, "", "Обращение {номер} рассмотрено.")


def test_an_organisation_writes_its_own_words_and_may_return(place: Any, cast: Any) -> None:
    row = reword_template("reply", organisation=place.alfa, version=0, about="Ответ", body="{ответ}", by=cast.boris)
    assert reply(place).body == ("Вас приняли позже срока.", "Запись перенесли на 05.03.2026.")
    assert letters.wording_for("reply", place.beta).is_shipped
    assert letters.wording_for("reply", place.branch).body == "{ответ}"
    reword_template("reply", organisation=place.alfa, version=row.version, about="", body="", by=cast.boris)
    assert letters.wording_for("reply", place.alfa).is_shipped
    assert LetterTemplate.objects.get().texts.count() == 2


def test_nobody_writes_for_another(place: Any, cast: Any) -> None:
    with pytest.raises(errors.NotYourTemplate):
        reword_template("reply", organisation=place.alfa, version=0, about="", body="{ответ}", by=cast.vera)


def test_a_stale_template_is_refused(place: Any, cast: Any) -> None:
    reword_template("reply", organisation=place.alfa, version=0, about="", body="{ответ}", by=cast.boris)
    with pytest.raises(ChangedMeanwhile):
        reword_template("reply", organisation=place.alfa, version=0, about="", body="Ваш {ответ}", by=cast.sp3)


WHO_READS = [("alina", True), ("filial", True), ("op1", True), ("vera", False), ("clerk", False), ("far", False)]


@pytest.mark.parametrize(("who", "sees"), WHO_READS)
def test_templates_of_alfa_under_row_security(place: Any, cast: Any, who: str, sees: bool) -> None:
    reword_template("reply", organisation=place.alfa, version=0, about="", body="{ответ}", by=cast.boris)
    with enter(getattr(cast, who).scope):
        assert LetterTemplate.objects.exists() is sees
        assert any(template.texts.exists() for template in LetterTemplate.objects.all()) is sees
