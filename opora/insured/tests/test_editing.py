"""Pages that change a card: who may, what is understood, what is refused in words, two savers."""

import json
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils.html import strip_tags

from opora.audit.models import AuditLine
from opora.insured.models import Consent, Contact, IdentityDocument, Person, PersonCategory, PersonChange, Policy
from opora.shared.conflict import OPENED

WHO_EDITS = [("alina", 200), ("op1", 200), ("timur", 403), ("clerk", 403), ("vera", 404), (None, 302)]
PAGES = [
    "identity/", "contacts/new/", "consents/new/", "categories/new/", "documents/new/", "names/new/",
    "policies/new/", "attachments/new/",
]  # fmt: skip


@pytest.mark.parametrize(("who", "status"), WHO_EDITS)
@pytest.mark.parametrize("page", PAGES)
def test_who_may_edit(signed_in: Any, polina: Person, page: str, who: str | None, status: int) -> None:
    assert signed_in(who).get(f"/insured/{polina.pk}/{page}").status_code == status


@pytest.mark.parametrize(("who", "status"), [*WHO_EDITS[2:]])
def test_who_may_mark(signed_in: Any, polina: Person, who: str | None, status: int) -> None:
    contact = polina.contacts.get()
    client = signed_in(who)
    for act in ("mark/", "preference/"):
        answer = client.post(f"/insured/{polina.pk}/contacts/{contact.pk}/{act}", {"state": "wrong"})
        assert answer.status_code == status
    assert Contact.objects.get().state == "unconfirmed"


def fields(client: Client, address: str) -> dict[str, str]:
    """What a browser would send back for an untouched form."""
    form = client.get(address).context["form"]
    sent = {}
    for bound in form:
        value = bound.value()
        if value is True:
            sent[bound.name] = "on"
        elif value not in (None, False):
            shown = bound.field.widget.format_value(bound.field.prepare_value(value))
            sent[bound.name] = str(shown[0] if isinstance(shown, list) else shown)
    return sent


@pytest.fixture
def alina(signed_in: Any) -> Client:
    return signed_in("alina")


def test_an_identity_is_corrected(alina: Client, polina: Person) -> None:
    address = f"/insured/{polina.pk}/identity/"
    typed = {"surname": "иванова-седая", "birth_on": "150385", "snils": "087-654-303 00", "time_zone": "Asia/Omsk"}
    answer = alina.post(address, fields(alina, address) | typed)

    assert answer.status_code == 302, strip_tags(answer.content.decode())
    polina.refresh_from_db()
    assert (polina.surname, polina.birth_on) == ("Иванова-Седая", date(1985, 3, 15))
    assert (polina.snils, polina.time_zone, polina.version) == ("08765430300", "Asia/Omsk", 2)
    assert set(PersonChange.objects.values_list("field", flat=True)) == {"surname", "birth_on", "snils", "time_zone"}


tomorrow = f"{date.today() + timedelta(days=1):%d.%m.%Y}"
BAD = [
    ({"surname": "Ивaнова"}, "Латинская буква «a» на месте 3"),
    ({"surname": "А" * 5000}, "символов"),
    ({"surname": "Ива\x00нова"}, "ноль-байт"),
    ({"surname": "", "given_name": ""}, "Напишите фамилию или имя"),
    ({"birth_on": tomorrow}, "Дата рождения не может быть в будущем"),
    ({"birth_on": "31.02.1985"}, "в феврале 1985 года 28 дней"),
    ({"birth_on": "14.03.1890"}, "больше 125 лет"),
    ({"enp": "5476 4108 3500 1237"}, "Последняя цифра ЕНП не сходится"),
    ({"enp": "123"}, "В ЕНП 16 цифр"),
    ({"snils": "112-233-445 96"}, "Две последние цифры СНИЛС не сходятся: нужны 95"),
    ({"died_on": tomorrow}, "Дата смерти не может быть в будущем"),
    ({"died_on": "14.03.1984"}, "Дата смерти раньше даты рождения"),
    ({"language": "klingon"}, "Выберите корректный вариант"),
]


@pytest.mark.parametrize(("typed", "sentence"), BAD, ids=[str(number) for number in range(len(BAD))])
def test_bad_input_gets_a_sentence_and_changes_nothing(
    alina: Client, polina: Person, typed: dict[str, str], sentence: str
) -> None:
    address = f"/insured/{polina.pk}/identity/"
    answer = alina.post(address, fields(alina, address) | typed)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not PersonChange.objects.exists()
    assert Person.objects.get(pk=polina.pk).surname == "Соловьёва-Седая"


DOUBTFUL = [{"surname": "Ивaнова"}, {"enp": "5476 4108 3500 1237"}, {"snils": "112-233-445 96"}]


@pytest.mark.parametrize("typed", DOUBTFUL)
def test_a_doubt_may_be_confirmed(alina: Client, polina: Person, typed: dict[str, str]) -> None:
    address = f"/insured/{polina.pk}/identity/"
    answer = alina.post(address, fields(alina, address) | typed | {"sure": "on"})

    assert answer.status_code == 302
    polina.refresh_from_db()
    assert polina.enp_is_confirmed is ("enp" not in typed)


@pytest.mark.parametrize("typed", DOUBTFUL)
def test_a_doubt_is_refused_where_the_setting_says_so(
    alina: Client, polina: Person, settings: Any, typed: dict[str, str]
) -> None:
    settings.ENP_CONTROL = "deny"
    address = f"/insured/{polina.pk}/identity/"

    assert alina.post(address, fields(alina, address) | typed | {"sure": "on"}).status_code == 422


def test_a_number_that_was_wrong_before_does_not_stop_another_correction(alina: Client, polina: Person) -> None:
    Person.objects.update(enp="5476410835001237", enp_is_confirmed=False)
    address = f"/insured/{polina.pk}/identity/"

    assert alina.post(address, fields(alina, address) | {"language": "tt"}).status_code == 302


def test_an_enp_of_a_person_out_of_sight_is_refused_in_words(
    alina: Client, polina: Person, place: SimpleNamespace
) -> None:
    Person.objects.create(
        territory=place.nsk, surname="Чужая", birth_on=date(1990, 1, 1), sex=2, insurer=place.beta,
        enp="2248299794000428",
    )  # fmt: skip
    address = f"/insured/{polina.pk}/identity/"
    answer = alina.post(address, fields(alina, address) | {"enp": "2248299794000428"})

    assert answer.status_code == 422
    assert "Человек с таким ЕНП уже есть в регистре" in answer.content.decode()
    assert "Чужая" not in answer.content.decode()


def test_the_second_saver_sees_the_difference_and_nothing_is_lost(signed_in: Any, polina: Person) -> None:
    address = f"/insured/{polina.pk}/identity/"
    alina, boris = signed_in("alina"), signed_in("sp3")
    hers, his = fields(alina, address), fields(boris, address)
    alina.post(address, hers | {"surname": "Седая", "language": "tt"})

    answer = boris.post(address, his | {"surname": "Соловьёва", "time_zone": "Asia/Omsk"})

    page = answer.content.decode()
    assert answer.status_code == 409
    for text in ("Соловьёва-Седая", "Седая", "Соловьёва", "татарский", "Омск"):
        assert text in page
    polina.refresh_from_db()
    assert (polina.surname, polina.time_zone) == ("Седая", "")

    sent = dict(answer.context["hidden"]) | {"take-surname": "theirs", "take-language": "theirs"}
    assert boris.post(address, sent).status_code == 302
    polina.refresh_from_db()
    assert (polina.surname, polina.language, polina.time_zone) == ("Седая", "tt", "Asia/Omsk")


def test_a_form_that_has_lost_its_beginning_is_asked_again(alina: Client, polina: Person) -> None:
    address = f"/insured/{polina.pk}/identity/"
    sent = fields(alina, address) | {"surname": "Седая", OPENED: "tampered"}

    assert alina.post(address, sent).status_code == 422


NEW_ROWS: list[tuple[str, dict[str, str], type, dict[str, Any]]] = [
    (
        "contacts",
        {"kind": "phone", "value": "8 (913) 123-45-67", "owner": "self", "source": "call"},
        Contact,
        {"normalised": "79131234567", "phone_kind": "mobile"},
    ),
    (
        "contacts",
        {"kind": "email", "value": "Polina@Example.ru", "owner": "self", "source": "call"},
        Contact,
        {"normalised": "polina@example.ru"},
    ),
    (
        "consents",
        {"channel": "sms", "purpose": "news", "is_granted": "0", "decided_on": "вчера", "source": "call"},
        Consent,
        {"is_granted": False, "decided_on": date.today() - timedelta(days=1)},
    ),
    ("categories", {"code": "lonely"}, PersonCategory, {"code": "lonely"}),
    (
        "documents",
        {"kind": "14", "series": "50 04", "number": "123 456", "is_current": "on"},
        IdentityDocument,
        {"series": "5004", "number": "123456"},
    ),
]


@pytest.mark.parametrize(("kind", "typed", "model", "kept"), NEW_ROWS, ids=lambda case: str(case)[:20])
def test_a_row_is_added(alina: Client, polina: Person, kind: str, typed: Any, model: Any, kept: Any) -> None:
    address = f"/insured/{polina.pk}/{kind}/new/"
    answer = alina.post(address, fields(alina, address) | typed)

    assert answer.status_code == 302, strip_tags(answer.content.decode())
    row = model.objects.order_by("-pk")[0]
    assert {name: getattr(row, name) for name in kept} == kept
    assert PersonChange.objects.filter(person=polina).exists()


BAD_ROWS = [
    ("contacts", {"kind": "phone", "value": "12-34"}, "В номере слишком мало цифр"),
    ("contacts", {"kind": "email", "value": "почта"}, "не похоже на адрес почты"),
    ("consents", {"channel": "sms", "purpose": "news", "is_granted": "1", "decided_on": tomorrow}, "из будущего"),
    ("documents", {"kind": "14", "series": "50", "number": "123456"}, "серия из 4 цифр"),
    (
        "documents",
        {"kind": "14", "series": "5004", "number": "123456", "issued_on": tomorrow},
        "не может быть в будущем",
    ),
    ("policies", {"kind": "3", "number": "123", "since": "сегодня"}, "номер из 16 цифр"),
    ("policies", {"kind": "2", "number": "123", "since": "сегодня"}, "9 знаков"),
    ("policies", {"kind": "3", "number": "5476410835001236", "since": "01.01.2020", "until": "01.01.2019"}, "раньше"),
    ("names", {"surname": "", "given_name": ""}, "Напишите прежнюю фамилию или имя"),
    ("categories", {"code": "lonely", "since": "01.01.2020", "until": "01.01.2019"}, "раньше"),
]


@pytest.mark.parametrize(("kind", "typed", "sentence"), BAD_ROWS, ids=[str(number) for number in range(len(BAD_ROWS))])
def test_a_bad_row_is_refused_in_words(alina: Client, polina: Person, kind: str, typed: Any, sentence: str) -> None:
    address = f"/insured/{polina.pk}/{kind}/new/"
    answer = alina.post(address, fields(alina, address) | typed)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not PersonChange.objects.exists()


def test_a_clinic_and_its_site_agree(alina: Client, polina: Person, place: SimpleNamespace) -> None:
    address = f"/insured/{polina.pk}/attachments/new/"
    typed = {"provider": str(place.clinic2.pk), "site": str(place.site.pk), "since": "сегодня", "profile": "therapy"}
    answer = alina.post(address, fields(alina, address) | typed)

    assert answer.status_code == 422
    assert "другой клиники" in answer.content.decode()


def test_ending_the_policy_takes_the_card_out_of_her_list(alina: Client, polina: Person) -> None:
    address = f"/insured/{polina.pk}/policies/{Policy.objects.get().pk}/"
    answer = alina.post(address, fields(alina, address) | {"until": "вчера"}, follow=True)

    assert answer.redirect_chain == [("/", 302)]
    assert "больше не относится к вашей организации" in answer.content.decode()


def test_a_row_of_another_card_is_not_reached(alina: Client, polina: Person, place: SimpleNamespace) -> None:
    other = Person.objects.create(
        territory=place.nsk, surname="Вторая", birth_on=date(1990, 1, 1), sex=2, insurer=place.alfa
    )
    document = IdentityDocument.objects.create(person=other, kind="14", series="5004", number="123456")

    assert alina.get(f"/insured/{polina.pk}/documents/{document.pk}/").status_code == 404
    assert alina.get(f"/insured/{polina.pk}/consents/1/").status_code == 404
    assert alina.get(f"/insured/{polina.pk}/nonsense/new/").status_code == 404


def test_a_form_that_shows_masked_numbers_is_a_reveal(alina: Client, polina: Person) -> None:
    document = IdentityDocument.objects.create(person=polina, kind="14", series="5004", number="123456")
    assert "123456" in alina.get(f"/insured/{polina.pk}/documents/{document.pk}/").content.decode()
    assert "11223344595" in alina.get(f"/insured/{polina.pk}/identity/").content.decode()

    seen = AuditLine.objects.filter(action="insured.card.reveal").order_by("at")
    assert [line.details["what"] for line in seen] == [f"documents-{document.pk}", "identity"]


HTMX = {"HX-Request": "true"}


def test_one_press_and_the_way_back(alina: Client, polina: Person) -> None:
    contact = polina.contacts.get()
    answer = alina.post(f"/insured/{polina.pk}/contacts/{contact.pk}/mark/", {"state": "wrong"}, headers=HTMX)
    page = answer.content.decode()
    assert "чужой номер" in page
    assert "все номера чужие или не обслуживаются" in page

    undo = json.loads(answer.headers["HX-Trigger"])["toast"]["undo"]
    assert alina.post(undo, headers=HTMX).status_code == 204
    contact.refresh_from_db()
    assert contact.state == "unconfirmed"
    assert AuditLine.objects.filter(action="insured.contact.change").count() == 2


def test_a_forged_way_back_leads_nowhere(alina: Client, polina: Person) -> None:
    assert alina.post(f"/insured/{polina.pk}/undo/?token=forged").status_code == 404


def test_history_in_words(signed_in: Any, polina: Person) -> None:
    contact = polina.contacts.get()
    signed_in("alina").post(f"/insured/{polina.pk}/contacts/{contact.pk}/mark/", {"state": "dead"})
    page = " ".join(strip_tags(signed_in("boris").get(f"/insured/{polina.pk}/history/").content.decode()).split())

    assert "Алиева Алина" in page
    assert "Состояние: было «не подтверждён», стало «не обслуживается»" in page
    assert AuditLine.objects.get(action="insured.history.read").employee_name == "Борисов Борис"


@pytest.mark.parametrize(
    ("who", "status"), [("boris", 200), ("admin", 200), ("alina", 403), ("vera", 403), (None, 302)]
)
def test_who_sees_history(signed_in: Any, polina: Person, who: str | None, status: int) -> None:
    assert signed_in(who).get(f"/insured/{polina.pk}/history/").status_code == status
