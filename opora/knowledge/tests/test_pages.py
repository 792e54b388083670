"""The pages: found, read, written, approved; two savers; who sees what."""

from datetime import date
from typing import Any

import pytest

from opora.knowledge import matters, services, shipping
from opora.knowledge.errors import CommonCard
from opora.knowledge.models import AnswerCard, LetterTemplate
from opora.knowledge.tests.conftest import WORDING


def fields(response: Any, **changes: Any) -> dict[str, Any]:
    """What a browser would send back of the form on the page."""
    form = response.context["form"]
    sent = {name: form[name].value() for name in form.fields}
    sent = {name: "" if value is None else value for name, value in sent.items()}
    sent |= {name: value.strftime("%d.%m.%Y") for name, value in sent.items() if hasattr(value, "strftime")}
    return {name: value for name, value in (sent | changes).items() if value is not False}


def test_an_operator_finds_an_answer_by_words(typical: int, signed_in: Any) -> None:
    page = signed_in("alina").get("/knowledge/", {"q": "потеряла полис"}).content.decode()
    assert "Потерял бланк полиса. Выдадут новый?" in page
    assert "Новая карточка" not in page


def test_an_operator_sees_no_drafts(card: AnswerCard, signed_in: Any) -> None:
    assert signed_in("alina").get(f"/knowledge/{card.pk}/").status_code == 404
    assert "Утверждённых ответов пока нет" in signed_in("alina").get("/knowledge/?state=draft").content.decode()
    assert signed_in("sp3").get(f"/knowledge/{card.pk}/").status_code == 200


def test_the_card_reads_its_terms_aloud(approved: AnswerCard, signed_in: Any) -> None:
    page = signed_in("alina").get(f"/knowledge/{approved.pk}/").content.decode()
    assert "Специалиста ждут 14 рабочих дней." in page
    assert "История" not in page
    assert "14 рабочих дней" in signed_in("alina").get(f"/knowledge/{approved.pk}/print/").content.decode()


def test_a_card_of_another_territory_does_not_exist(approved: AnswerCard, signed_in: Any) -> None:
    assert signed_in("far").get(f"/knowledge/{approved.pk}/").status_code == 404


def test_from_a_new_card_to_an_approved_one(signed_in: Any) -> None:
    sp3, boris = signed_in("sp3"), signed_in("boris")
    opened = sp3.get("/knowledge/new/")
    sent = fields(opened, question="Где пост?", body="На первом этаже. Ждать {waiting:GP}.", level=1)
    sent |= {"variants": "Где кабинет?\n\n  Где   кабинет?\nКуда идти?", "sources": "Приказ", "is_verified": "on"}
    done = sp3.post("/knowledge/new/", sent)
    row = AnswerCard.objects.get(text__question="Где пост?")
    assert done.url == f"/knowledge/{row.pk}/"
    assert row.text.variants == "Где кабинет?\nКуда идти?"  # type: ignore[union-attr]
    sp3.post(f"/knowledge/{row.pk}/submission/", {"version": row.version})
    row.refresh_from_db()
    assert "Утвердить" in boris.get(f"/knowledge/{row.pk}/").content.decode()
    boris.post(f"/knowledge/{row.pk}/approval/", {"version": row.version})
    row.refresh_from_db()
    assert row.status == "approved"
    assert "24 часа" in signed_in("alina").get(f"/knowledge/{row.pk}/").content.decode()


def test_a_wrong_field_is_shown_beside_the_text(signed_in: Any) -> None:
    client = signed_in("sp3")
    sent = fields(client.get("/knowledge/new/"), question="Где?", body="Ждать {waiting:MOON}", level=1)
    response = client.post("/knowledge/new/", sent)
    assert response.status_code == 422
    assert "строка 1, знак 7" in response.content.decode()
    long = client.post("/knowledge/new/", sent | {"body": "слово " * 91})
    assert "Здесь 91 слов" in long.content.decode()


def test_the_second_of_two_savers_sees_the_difference(card: AnswerCard, signed_in: Any, cast: Any) -> None:
    client = signed_in("op2")
    opened = client.get(f"/knowledge/{card.pk}/change/")
    services.reword_card(card, version=card.version, wording={**WORDING, "body": "Коллега успела."}, by=cast.sp3)
    response = client.post(f"/knowledge/{card.pk}/change/", fields(opened, body="Моя правка."))
    assert response.status_code == 409
    page = response.content.decode()
    assert "Коллега успела." in page
    assert "Моя правка." in page
    assert card.texts.count() == 2


def test_an_approval_of_an_old_page_is_refused(card: AnswerCard, signed_in: Any, cast: Any) -> None:
    row = services.submit_card(card, version=card.version, by=cast.sp3)
    response = signed_in("boris").post(f"/knowledge/{card.pk}/approval/", {"version": row.version - 1})
    assert response.status_code == 409
    card.refresh_from_db()
    assert card.approved is None


def test_a_card_is_returned_and_withdrawn_with_a_reason(approved: AnswerCard, signed_in: Any, cast: Any) -> None:
    boris = signed_in("boris")
    assert boris.post(f"/knowledge/{approved.pk}/withdrawal/", {"why": ""}).status_code == 422
    boris.post(f"/knowledge/{approved.pk}/withdrawal/", {"why": "Закон изменился"})
    approved.refresh_from_db()
    assert approved.withdrawn_at
    assert "Закон изменился" in boris.get(f"/knowledge/{approved.pk}/").content.decode()
    boris.post(f"/knowledge/{approved.pk}/restoration/", {"version": approved.version})
    wording = {**WORDING, "body": "Иначе."}
    approved.refresh_from_db()
    row = services.reword_card(approved, version=approved.version, wording=wording, by=cast.sp3)
    services.submit_card(row, version=row.version, by=cast.sp3)
    boris.post(f"/knowledge/{approved.pk}/return/", {"why": "Короче"})
    approved.refresh_from_db()
    assert approved.status == "draft"


def test_a_common_card_is_the_funds_and_an_insurer_makes_its_own(card: AnswerCard, signed_in: Any, cast: Any) -> None:
    AnswerCard.objects.filter(pk=card.pk).update(territory="")
    card.refresh_from_db()
    services.submit_card(card, version=card.version, by=cast.op2)
    card.refresh_from_db()
    assert list(matters.to_approve(cast.boris)) == []
    assert [matter.text for matter in matters.to_approve(cast.admin)] == ["Ответы на утверждении: 1"]
    boris = signed_in("boris")
    page = boris.get(f"/knowledge/{card.pk}/").content.decode()
    assert "Это общая карточка" in page
    assert "Утвердить <kbd" not in page
    assert f"/knowledge/{card.pk}/change/" not in page
    refused = boris.post(f"/knowledge/{card.pk}/approval/", {"version": card.version})
    assert (refused.status_code, "одна организация" in refused.content.decode()) == (403, True)
    assert boris.get(f"/knowledge/{card.pk}/change/").status_code == 403
    assert boris.post(f"/knowledge/{card.pk}/withdrawal/", {"why": "Не нужна"}).status_code == 403
    made = boris.post(f"/knowledge/{card.pk}/copy/")
    own = AnswerCard.objects.get(slug=card.slug, territory="50000")
    assert made.url == f"/knowledge/{own.pk}/"
    assert "Это общая карточка" not in boris.get(made.url).content.decode()
    assert boris.post(f"/knowledge/{own.pk}/copy/").status_code == 404
    assert "Утвердить <kbd" in signed_in("admin").get(f"/knowledge/{card.pk}/").content.decode()


def test_who_keeps_common_cards_begins_them(signed_in: Any, cast: Any) -> None:
    fund, insurer = signed_in("admin"), signed_in("boris")
    for client, question, territory in ((fund, "Где Фонд?", ""), (insurer, "Где СМО?", "50000")):
        opened = client.get("/knowledge/new/")
        assert ("Общая для всех территорий" in opened.content.decode()) is (client is fund)
        sent = fields(opened, question=question, body="На первом этаже.", level=1) | {"is_common": "on"}
        assert client.post("/knowledge/new/", sent).status_code == 302
        assert AnswerCard.objects.get(text__question=question).territory == territory
    with pytest.raises(CommonCard):
        services.add_card("mine", territory="", wording=WORDING, by=cast.boris)


def test_danger_comes_before_any_card(typical: int, signed_in: Any) -> None:
    client = signed_in("alina")
    for address, name in (("/knowledge/", "q"), ("/knowledge/answer/", "text")):
        page = client.get(address, {name: "муж без сознания, какой у него полис"}).content.decode()
        assert "Угроза жизни" in page
        assert page.index("Угроза жизни") < page.index("полис", page.index("Угроза жизни") + 100)


def test_the_answer_beside_a_form(typical: int, signed_in: Any) -> None:
    client = signed_in("alina")
    page = client.get("/knowledge/answer/", {"topic": "2.3"}).content.decode()
    assert page.strip().startswith('<section class="answer')
    assert "Новый бланк больше не выдают" in page
    assert "передайте" in client.get("/knowledge/answer/", {"topic": "6.7"}).content.decode().lower()
    assert "Здесь появится ответ" in client.get("/knowledge/answer/").content.decode()


@pytest.mark.parametrize(("who", "status"), [("alina", 403), ("sp3", 302), ("boris", 302), ("auditor", 403)])
def test_who_may_write(card: AnswerCard, signed_in: Any, who: str, status: int) -> None:
    assert signed_in(who).post(f"/knowledge/{card.pk}/submission/", {"version": card.version}).status_code == status


def test_a_template_is_seen_changed_and_kept(signed_in: Any, place: Any) -> None:
    sp3 = signed_in("sp3")
    assert "из поставки" in sp3.get("/knowledge/letters/").content.decode()
    assert "Ивановой Полине Сергеевне" in sp3.get("/knowledge/letters/reply/").content.decode()
    opened = sp3.get("/knowledge/letters/reply/change/")
    wrong = sp3.post("/knowledge/letters/reply/change/", fields(opened, body="{ответик}"))
    assert wrong.status_code == 422
    assert "строка 1, знак 1" in wrong.content.decode()
    assert (
        sp3.post("/knowledge/letters/reply/change/", fields(opened, body="Здравствуйте.\n\n{ответ}")).status_code == 302
    )
    assert LetterTemplate.objects.get().text.body == "Здравствуйте.\n\n{ответ}"  # type: ignore[union-attr]
    assert "свой текст" in sp3.get("/knowledge/letters/reply/").content.decode()


@pytest.mark.parametrize(("to", "begins"), [("pdf", b"%PDF"), ("docx", b"PK")])
def test_a_sample_is_a_file(signed_in: Any, to: str, begins: bytes) -> None:
    response = signed_in("alina").get(f"/knowledge/letters/record_card/sample/{to}/")
    assert response.content.startswith(begins)
    assert signed_in("alina").get("/knowledge/letters/reply/sample/exe/").status_code == 404


def test_a_card_without_a_source_is_not_approved(signed_in: Any, cast: Any) -> None:
    row = services.add_card("bare", territory="50000", wording={**WORDING, "is_verified": False}, by=cast.sp3)
    row = services.submit_card(row, version=row.version, by=cast.sp3)
    boris = signed_in("boris")
    page = boris.get(f"/knowledge/{row.pk}/").content.decode()
    assert "требует проверки юриста" in page
    assert "Утвердить <kbd" not in page
    refused = boris.post(f"/knowledge/{row.pk}/approval/", {"version": row.version})
    assert refused.status_code == 409
    assert "требует проверки юриста" in refused.content.decode()


def test_a_card_is_read_again_by_its_day(approved: AnswerCard, signed_in: Any, cast: Any) -> None:
    AnswerCard.objects.filter(pk=approved.pk).update(review_on="2026-05-01")
    boris = signed_in("boris")
    assert "Где пост страхового представителя?" in boris.get("/knowledge/?state=review").content.decode()
    assert "Ответы пора пересмотреть: 1" in [matter.text for matter in matters.hidden_or_old(cast.boris)]
    sent = {"owner": cast.sp3.pk, "review_on": "01.12.2020", "why": ""}
    assert boris.post(f"/knowledge/{approved.pk}/review/", sent).status_code == 422
    done = boris.post(f"/knowledge/{approved.pk}/review/", sent | {"review_on": "01.12.2099", "why": "Закон тот же"})
    assert done.status_code == 302
    approved.refresh_from_db()
    assert (approved.owner, approved.review_on) == (cast.sp3, date(2099, 12, 1))
    assert "Закон тот же" in boris.get(f"/knowledge/{approved.pk}/").content.decode()
    assert list(matters.hidden_or_old(cast.boris)) == []


def test_a_new_pack_offers_its_words_to_an_edited_card(system: None, signed_in: Any, cast: Any) -> None:
    row = AnswerCard.objects.select_related("text").get(slug="policy-get")
    row.territory = "50000"
    row.save()
    wording = {name: getattr(row.text, name) for name in shipping.NAMES} | {"valid_since": row.text.valid_since}  # type: ignore[union-attr]
    row = services.reword_card(row, version=row.version, wording=wording | {"body": "Наш ответ."}, by=cast.sp3)
    AnswerCard.objects.filter(pk=row.pk).update(pack_version="2026.1")
    sp3 = signed_in("sp3")
    assert "В поставке 2026.2 этот ответ другой" in sp3.get(f"/knowledge/{row.pk}/").content.decode()
    sp3.post(f"/knowledge/{row.pk}/offer/", {"version": row.version, "take": "1"})
    row.refresh_from_db()
    assert row.texts.count() == 3
    assert row.text.body.startswith("Полис оформит")  # type: ignore[union-attr]
    assert "этот ответ другой" not in sp3.get(f"/knowledge/{row.pk}/").content.decode()
