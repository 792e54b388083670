"""Letters of an appeal: who takes which, what stands on the paper, templates put into a text."""

import re
from io import BytesIO
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import docx
import pytest
from pypdf import PdfReader

from opora.appeals.models import Answer, Appeal, Event, Grant
from opora.audit.models import AuditLine
from opora.organisations.models import Organisation

FORMATS = ["docx", "pdf"]
TEXT = "Госпитализацию перенесли на 05.03.2026."


def words_of(content: bytes, to: str) -> str:
    """The text of a document; line ends of a page are not ends of words."""
    if to == "pdf":
        text = " ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    else:
        document = docx.Document(BytesIO(content))
        cells = [cell for table in document.tables for row in table.rows for cell in row.cells]
        paragraphs = [p for part in (*cells, document) for p in part.paragraphs]
        text = " ".join(paragraph.text for paragraph in paragraphs)
    return re.sub(r"\s+", " ", text)


@pytest.fixture
def answer(shelf: SimpleNamespace, cast: SimpleNamespace) -> Answer:
    """The answer to the complaint: written by one, approved by another, sent."""
    complaint = Appeal.objects.get(pk=shelf.complaint.pk)
    return Answer.objects.create(
        appeal=complaint,
        kind="final",
        text=TEXT,
        state="sent",
        channel="post",
        outgoing_number="17-исх",
        outgoing_on="2026-03-02",
        created_by=cast.sp3,
        approved_by=cast.boris,
        approved_at=complaint.registered_at,
        sent_at=complaint.registered_at,
    )


def at(answer: Answer, to: str = "pdf") -> str:
    return f"/appeals/{answer.appeal.number}/answers/{answer.pk}/letter.{to}"


@pytest.mark.parametrize("to", FORMATS)
def test_a_letter_says_what_was_answered(
    signed_in: Any, cast: SimpleNamespace, place: SimpleNamespace, answer: Answer, to: str
) -> None:
    Organisation.objects.filter(pk=place.alfa.pk).update(full_name="Общество «Альфа»", address="ул. Ленина, 1")
    reply = signed_in("alina").get(at(answer, to))

    assert reply.status_code == 200
    text = words_of(reply.content, to)
    for part in (
        "Общество «Альфа»",
        "ул. Ленина, 1",
        "02.03.2026 № 17-исх",
        f"На № {answer.appeal.number}",
        "О рассмотрении обращения",
        TEXT,
        cast.boris.surname,
        cast.sp3.full_name,
    ):
        assert part in text, part
    assert "Соловьёва-Седая Полина" in text  # no patronymic: the sex is not guessed, the name not declined
    assert "ПРОЕКТ" not in text
    assert reply["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in reply["Cache-Control"]
    assert reply["Content-Disposition"] == f'attachment; filename="final-{answer.appeal.number}.{to}"'
    line = AuditLine.objects.get(action="appeals.letter.read")
    assert (line.subject_id, line.details["format"], line.details["depth"]) == (str(answer.appeal_id), to, 4)


def test_a_name_is_declined_where_it_is_sure(signed_in: Any, answer: Answer) -> None:
    answer.appeal.parties.update(surname="Соловьёва", given_name="Полина", patronymic="Сергеевна")
    text = words_of(signed_in("alina").get(at(answer)).content, "pdf")

    assert "Соловьёвой Полине Сергеевне" in text
    assert "Уважаемая Полина Сергеевна!" in text


@pytest.mark.parametrize(
    ("depth", "status", "named"), [(1, 404, False), (2, 404, False), (3, 200, False), (4, 200, True)]
)
def test_a_letter_is_as_deep_as_the_grant(signed_in: Any, answer: Answer, depth: int, status: int, named: bool) -> None:
    Grant.objects.filter(appeal=answer.appeal_id).update(depth1=depth)
    reply = signed_in("alina").get(at(answer))

    assert reply.status_code == status
    text = words_of(reply.content, "pdf") if status == 200 else reply.content.decode()
    assert (TEXT in text) is (status == 200)
    assert ("Соловьёва-Седая" in text) is named
    wanted = "done" if status == 200 else "not_found"
    assert AuditLine.objects.get(action="appeals.letter.read").result == wanted


@pytest.mark.parametrize(
    ("who", "status"),
    [("alina", 200), ("sp3", 200), ("op1", 200), ("vera", 404), ("clerk", 404), ("far", 404), (None, 302)],
)
def test_who_takes_a_letter(signed_in: Any, answer: Answer, who: str | None, status: int) -> None:
    assert signed_in(who).get(at(answer)).status_code == status


def test_an_answer_of_another_appeal_is_not_here(signed_in: Any, shelf: SimpleNamespace, answer: Answer) -> None:
    client = signed_in("alina")
    assert client.get(f"/appeals/{shelf.mine.number}/answers/{answer.pk}/letter.pdf").status_code == 404
    assert client.get(f"/appeals/{answer.appeal.number}/answers/{UUID(int=1)}/letter.pdf").status_code == 404
    assert client.get(at(answer, "exe")).status_code == 404


@pytest.mark.parametrize(("state", "is_project"), [("draft", True), ("submitted", True), ("approved", False)])
def test_what_is_not_approved_says_so(
    signed_in: Any, cast: SimpleNamespace, answer: Answer, state: str, is_project: bool
) -> None:
    other = Answer.objects.create(
        appeal=answer.appeal, kind="final", text="Ответ готов.", state=state, created_by=cast.sp3
    )
    text = words_of(signed_in("alina").get(at(other)).content, "pdf")

    assert ("ПРОЕКТ" in text) is is_project
    assert f"{cast.sp3.given_name[0]}." in text or is_project


@pytest.mark.parametrize("to", FORMATS)
def test_a_cover_letter_goes_to_the_other_body(signed_in: Any, place: SimpleNamespace, answer: Answer, to: str) -> None:
    cover = Answer.objects.create(
        appeal=answer.appeal,
        kind="cover",
        text="Направляем по компетенции.",
        to_name="Министерство здравоохранения",
        state="sent",
        sent_at=answer.sent_at,
    )
    text = words_of(signed_in("alina").get(at(cover, to)).content, to)

    assert "Министерство здравоохранения" in text
    assert "О направлении обращения гражданина" in text
    assert "Соловьёв" not in text


def test_a_letter_bears_the_head_of_who_wrote_it(
    signed_in: Any, cast: SimpleNamespace, place: SimpleNamespace, shelf: SimpleNamespace
) -> None:
    client, path = signed_in("alina"), f"/appeals/{shelf.mine.number}/acts"
    sent = client.post(f"{path}/prepare_answer/", {"version": 1, "text": "Полис готов."})
    assert sent.status_code == 302
    Appeal.objects.filter(pk=shelf.mine.pk).update(handler=place.fund)
    answer = Answer.objects.get(appeal=shelf.mine)
    assert Event.objects.filter(details__answer=str(answer.pk)).exists()

    text = words_of(client.get(at(answer)).content, "pdf")
    assert (place.alfa.full_name or place.alfa.name) in text


@pytest.mark.parametrize("to", FORMATS)
@pytest.mark.parametrize("depth", [2, 4])
def test_the_record_card_is_as_deep_as_the_grant(signed_in: Any, answer: Answer, to: str, depth: int) -> None:
    Grant.objects.filter(appeal=answer.appeal_id).update(depth1=depth)
    reply = signed_in("alina").get(f"/appeals/{answer.appeal.number}/paper.{to}")
    text = words_of(reply.content, to)

    assert f"Карточка обращения № {answer.appeal.number}" in text
    assert "Зарегистрировано под номером" in text
    assert ("Отказали в госпитализации" in text) is (depth == 4)
    assert ("Соловьёва-Седая" in text) is (depth == 4)
    assert ("скрыто" in text) is (depth == 2)
    assert AuditLine.objects.filter(action="appeals.card.print", result="done").count() == 1


def test_the_card_leads_to_its_letters(signed_in: Any, answer: Answer) -> None:
    page = signed_in("alina").get(f"/appeals/{answer.appeal.number}/").content.decode()

    for to in FORMATS:
        assert at(answer, to) in page


def fill(client: Any, appeal: Appeal, act: str, field: str, **data: str) -> Any:
    return client.post(f"/appeals/{appeal.number}/acts/{act}/letter/{field}/", data)


def shown(reply: Any) -> str:
    return str(reply.context["field"].value())


def test_a_template_stands_around_what_was_typed(signed_in: Any, shelf: SimpleNamespace) -> None:
    client = signed_in("alina")
    reply = fill(client, shelf.mine, "prepare_answer", "text", text="Полис готов.", text_template="reply")
    text = shown(reply)

    assert f"№ {shelf.mine.number} от " in text
    assert "\n\nПолис готов.\n\n" in text
    kept = {"text": text.replace("\n", "\r\n"), "text_own": reply.context["own"], "text_whole": reply.context["whole"]}
    other = fill(client, shelf.mine, "prepare_answer", "text", **kept, text_template="not_an_appeal")
    assert shown(other).endswith("Полис готов.")
    assert "Мы рассмотрели" not in shown(other)
    back = fill(client, shelf.mine, "prepare_answer", "text", **kept, text_template="")
    assert shown(back) == "Полис готов."
    touched = {**kept, "text": "Я переписала всё."}
    again = fill(client, shelf.mine, "prepare_answer", "text", **touched, text_template="")
    assert shown(again) == "Я переписала всё."
    assert not Answer.objects.filter(appeal=shelf.mine).exists()


def test_an_unfilled_place_is_not_sent(signed_in: Any, shelf: SimpleNamespace) -> None:
    client = signed_in("alina")
    text = shown(fill(client, shelf.mine, "prepare_answer", "text", text_template="reply"))
    path = f"/appeals/{shelf.mine.number}/acts/prepare_answer/"
    refused = client.post(path, {"version": 1, "text": text, "text_template": "reply"})

    assert "{ответ}" in text
    assert refused.status_code == 422
    assert "Осталось незаполненное место: {ответ}" in refused.content.decode()
    done = client.post(path, {"version": 1, "text": text.replace("{ответ}", "Готов."), "text_template": "reply"})
    assert done.status_code == 302
    assert Answer.objects.get(appeal=shelf.mine).template == "reply"


def test_acts_give_their_own_words_to_a_template(
    signed_in: Any, place: SimpleNamespace, shelf: SimpleNamespace
) -> None:
    client = signed_in("sp3")
    version = Appeal.objects.get(pk=shelf.complaint.pk).version
    client.post(f"/appeals/{shelf.complaint.number}/acts/take/", {"version": version})
    extension = {"days": "10", "order_number": "12", "order_on": "25.03.2026", "why": "ждём выписку"}
    text = shown(fill(client, shelf.complaint, "extend", "notice_text", notice_text_template="extension", **extension))
    for part in ("ждём выписку", "приказ № 12 от 25.03.2026"):
        assert part in text
    assert "{новый срок}" not in text
    cover = fill(client, shelf.complaint, "forward", "cover_text", cover_text_template="forwarding")
    assert "Соловьёва-Седая Полина" in shown(cover)
    notice = fill(
        client, shelf.complaint, "forward", "notice_text", notice_text_template="forwarded", to_name="Минздрав"
    )
    assert "по принадлежности: Минздрав" in shown(notice)
    assert "{причина направления}" in shown(notice)
    interim = fill(client, shelf.complaint, "answer_interim", "text", text_template="interim", text="Ждём клинику.")
    assert "Ждём клинику." in shown(interim)


@pytest.mark.parametrize(
    ("who", "act", "field", "status"),
    [
        ("alina", "prepare_answer", "text", 200),
        ("alina", "prepare_answer", "channel", 404),
        ("alina", "note", "text", 404),
        ("alina", "no-such", "text", 404),
        ("vera", "prepare_answer", "text", 404),
        ("far", "prepare_answer", "text", 404),
    ],
)
def test_who_fills_which_text(
    signed_in: Any, shelf: SimpleNamespace, who: str, act: str, field: str, status: int
) -> None:
    assert fill(signed_in(who), shelf.mine, act, field, text_template="reply").status_code == status
