"""The one box over a small register: every form of the question finds its person, and nobody finds a stranger."""

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from opora.access.rights import Right
from opora.access.scope import enter
from opora.audit.models import AuditLine
from opora.insured.models import Contact, FormerName, IdentityDocument, Person, Policy
from opora.insured.search import present
from opora.insured.search.find import SCREEN, Found, find
from opora.insured.search.parse import parse

TODAY = date(2026, 3, 2)

# surname, given name, patronymic, birth, sex, ЕНП, СНИЛС, insurer, what else
PEOPLE = {
    "petr": ("Иванов", "Пётр", "Сергеевич", "1985-03-14", 1, "7752140838001219", "12345678964", "alfa"),
    "pavel": ("Иванов", "Павел", "Ильич", "1985-03-14", 1, "7752140838001227", None, "alfa"),
    "ivanova": ("Иванова", "Пелагея", "Петровна", "1990-07-01", 2, None, None, "alfa"),
    "mamed": ("Алиев", "Гасан", "Мамед оглы", "1971-11-30", 1, None, None, "alfa"),
    "smith": ("Smith", "John", "", "1979-05-05", 1, None, None, "alfa"),
    "lyubov": ("Жукова", "Любовь", "Ивановна", "1950-12-31", 2, None, None, "alfa"),
    "oconnor": ("О’Коннор", "Шон", "", "1966-06-06", 1, None, None, "alfa"),
    "twin": ("Петров", "Иван", "Петрович", "1985-03-14", 1, None, None, "alfa"),
    "stranger": ("Воробьянинов", "Ипполит", "Матвеевич", "1960-02-29", 1, "6301410835001111", None, "beta"),
}


@pytest.fixture
def register(place: SimpleNamespace, polina: Any) -> dict[str, Person]:
    people = {"polina": polina}
    for name, (surname, given, patronymic, born, sex, enp, snils, insurer) in PEOPLE.items():
        person = Person.objects.create(
            territory=place.nsk, surname=surname, given_name=given, patronymic=patronymic,
            birth_on=born, sex=sex, enp=enp, snils=snils,
        )  # fmt: skip
        Policy.objects.create(
            person=person, kind=Policy.Kind.UNIFORM, number=enp or f"9900{person.pk:012}", since="2015-05-01",
            insurer=getattr(place, insurer),
        )  # fmt: skip
        people[name] = person
    phone = {"kind": Contact.Kind.PHONE, "value": "8 383 222 15 15", "normalised": "73832221515"}
    Contact.objects.create(person=people["petr"], **phone)
    Contact.objects.create(person=people["ivanova"], **phone)
    FormerName.objects.create(person=people["ivanova"], surname="Кукушкина", given_name="Пелагея")
    FormerName.objects.create(person=people["lyubov"], surname="Ландыш-Ромашкина")
    Policy.objects.create(
        person=people["mamed"], kind=Policy.Kind.OLD, series="01", number="7654321", insurer=place.alfa,
        since="2005-01-01", until="2011-01-01",
    )  # fmt: skip
    IdentityDocument.objects.create(
        person=people["smith"], kind=IdentityDocument.Kind.FOREIGN_PASSPORT, series="45 10", number="987654"
    )
    return people


@pytest.fixture
def ask(cast: SimpleNamespace, register: dict[str, Person]) -> Callable[..., Found]:
    def search(text: str, who: str = "alina") -> Found:
        employee = getattr(cast, who)
        with enter(employee.scope):
            return find(parse(text, today=TODAY), employee)

    return search


# what is typed: who comes first
FINDS = [
    # name and birth date, any order and writing
    ("иванов петр 14.03.85", "petr"),
    ("Иванов Пётр Сергеевич 14.03.1985", "petr"),
    ("14.03.1985 Пётр Иванов", "petr"),
    ("петр 140385 иванов", "petr"),
    ("иванов петр 1985", "petr"),
    ("иванов петр 03.1985", "petr"),
    ("иванов петр 85", "petr"),
    ("сергеевич петр 14.03.85", "petr"),
    ("иванов п с 14.03.85", "petr"),
    # names alone, any order, beginnings, initials
    ("иванов петр", "petr"),
    ("Петр Иванов", "petr"),
    ("петр сергеевич иванов", "petr"),
    ("Иванов Сергеевич", "petr"),
    ("ивано пе с", "petr"),
    ("пе ивано", "petr"),
    ("Иванов П.И.", "pavel"),
    ("жук люб", "lyubov"),
    # double names, without ё, hyphen, in part
    ("Соловьёва-Седая", "polina"),
    ("соловьева седая", "polina"),
    ("соловьеваседая полина", "polina"),
    ("седая полина", "polina"),
    ("седая", "polina"),
    ("соловьева", "polina"),
    ("полина седая 1985", "polina"),
    ("седая п а", "polina"),
    ("алиев гасан мамед оглы", "mamed"),
    ("мамед оглы алиев гасан", "mamed"),
    ("о'коннор", "oconnor"),
    ("о коннор шон", "oconnor"),
    # former surnames
    ("кукушкина пелагея", "ivanova"),
    ("чижикова полина", "polina"),
    ("чижикова 14.03.85", "polina"),
    ("ландыш ромашкина любовь", "lyubov"),
    ("ромашкина любовь", "lyubov"),
    # a slip of the finger in the surname, in the given name, in both; two in a long surname
    ("ивнаов петр", "petr"),
    ("иваонв петр 14.03.85", "petr"),
    ("иванов перт", "petr"),
    ("иваов перт 1985", "petr"),
    ("эванов петр сергеевич", "petr"),
    ("солвьева-седая полина", "polina"),
    ("соловева седая полина", "polina"),
    ("кукушкиа пелагея", "ivanova"),
    ("сталовьева-седая", "polina"),
    ("чижыкова полина 14.03.85", "polina"),
    # wrong layout, a wrong alphabet, a digit for a letter
    ("bdfyjd gtnh", "petr"),
    ("bdfyjd gtnh 14/03/85", "petr"),
    ("иванов петр 14ю03ю85", "petr"),
    ("k.,jdm ;erjdf", "lyubov"),
    ("cjkjdm`df-ctlfz", "polina"),
    ("ыьшер", "smith"),
    ("smith john", "smith"),
    ("Ивaнoв Пeтр", "petr"),
    ("Иван0в Пётр", "petr"),
    # ЕНП: whole in any writing, the end, the beginning
    ("5476 4108 3500 1236", "polina"),
    ("5476-4108-3500-1236", "polina"),
    ("енп 5476410835001236", "polina"),
    ("5001236", "polina"),
    ("1236", "polina"),
    ("54764108", "polina"),
    ("соловьева 1236", "polina"),
    ("1236 14.03.1985", "polina"),
    # СНИЛС
    ("123-456-789 64", "petr"),
    ("12345678964", "petr"),
    ("456-789 64", "petr"),
    ("123-456", "petr"),
    # telephone
    ("8 (900) 000-00-01", "polina"),
    ("+79000000001", "polina"),
    ("9000000001", "polina"),
    ("000-00-01", "polina"),
    ("8 900 000", "polina"),
    ("(383) 222-15-15 иванов", "petr"),
    ("222-15-15 иванова", "ivanova"),
    # an old policy and a document
    ("7654321", "mamed"),
    ("4321 алиев", "mamed"),
    ("паспорт 4510 987654", "smith"),
    ("987654", "smith"),
    # pasted as a whole
    ("Иванов Петр Сергеевич, 14.03.1985 г.р., полис 7752140838001219", "petr"),
]


def test_the_person_meant_comes_first(ask: Callable[..., Found], register: dict[str, Person]) -> None:
    names = {person.pk: name for name, person in register.items()}
    found = {text: names[hits[0].person.pk] if (hits := ask(text).hits) else None for text, _ in FINDS}
    assert {text: who for text, who in found.items() if who != dict(FINDS)[text]} == {}


FINDS_NOBODY = [
    "сидоров", "иванов василий", "нетакойфамилии", "полина", "15.03.1985", "иванов 77778888", "5476410835001237",
    "112-233-445 96", "9999", "воробьянинов", "6301 4108 3500 1111", "воробьянинов ипполит 29.02.1960", "иванов 1890",
    "%", "_____", "' OR 1=1 --", "\x00", "<script>", "🙂", "а" * 300,
]  # fmt: skip


def test_nobody_is_found_where_nobody_is_meant(ask: Callable[..., Found]) -> None:
    assert {text: hits for text in FINDS_NOBODY if (hits := ask(text).hits)} == {}


def test_a_person_of_another_insurer_does_not_exist(ask: Callable[..., Found], register: dict[str, Person]) -> None:
    texts = [text for text, _ in FINDS]
    assert [text for text in texts if ask(text, "vera").hits] == []
    assert ask("воробьянинов ипполит 1960", "vera").hits[0].person.pk == register["stranger"].pk
    assert {hit.person.pk for hit in ask("14.03.1985", "op1").hits} == {
        register[name].pk for name in ("petr", "pavel", "polina", "twin")
    }


def test_a_clinic_finds_whom_it_cares_for(ask: Callable[..., Found]) -> None:
    assert len(ask("соловьева седая", "clerk").hits) == 1
    assert ask("иванов петр", "clerk").hits == []


def test_a_whole_number_is_shown_even_to_a_wrong_name(ask: Callable[..., Found], register: dict[str, Person]) -> None:
    hit = ask("сидоров 5476410835001236").hits[0]
    assert hit.person.pk == register["polina"].pk
    assert "имя другое" in present.line(hit).why


def test_a_wrong_birth_date_is_told(ask: Callable[..., Found], register: dict[str, Person]) -> None:
    found = ask("иванов петр 15.03.1985")
    assert [hit.person.pk for hit in found.hits][:1] == [register["petr"].pk]
    assert "другой датой" in found.notice
    assert "дата рождения другая" in present.line(found.hits[0]).why


def test_why_a_person_is_here(ask: Callable[..., Found]) -> None:
    def why(text: str) -> list[str]:
        return present.line(ask(text).hits[0]).why

    assert why("чижикова полина") == ["прежняя фамилия Чижикова"]
    assert why("ивнаов петр") == ["фамилия похожа"]
    assert why("8 900 000-00-01") == ["телефон +7 900 000-00-01"]
    assert why("000-00-01") == ["телефон +7 900 •••-00-01"]
    assert why("12345678964") == ["СНИЛС 123-456-789 64"]
    assert why("иванов петр 14.03.85") == []


def test_what_matched_is_marked_and_numbers_are_masked(ask: Callable[..., Found]) -> None:
    line = present.line(ask("седая поли").hits[0])
    assert line.name == "Соловьёва-<mark>Седая</mark> <mark>Поли</mark>на Андреевна"
    assert line.enp == "•••• 1236"
    assert present.line(ask("1236").hits[0]).enp == "•••• <mark>1236</mark>"


def test_at_most_one_screen_and_a_way_on(ask: Callable[..., Found], place: SimpleNamespace) -> None:
    Person.objects.bulk_create(
        Person(
            territory=place.nsk, surname="Дятлов", given_name="Олег", birth_on=date(1960 + i, 1, 1), sex=1,
            insurer=place.alfa,
        )
        for i in range(30)
    )  # fmt: skip
    found = ask("дятлов")
    assert (len(found.hits), found.has_more) == (SCREEN, True)
    assert "добавьте дату рождения" in present.advice(parse("дятлов", today=TODAY), found)
    assert not ask("дятлов 1961").has_more


WHO_MAY_SEARCH = [("alina", 200), ("timur", 200), ("clerk", 200), ("vera", 200), ("sp3", 403), (None, 302)]


def test_who_may_search(signed_in: Callable[[str | None], Client], cast: SimpleNamespace) -> None:
    role = cast.sp3.assignment.role
    role.rights = [right for right in role.rights if right != Right.INSURED_SEARCH]
    role.save()
    for who, status in WHO_MAY_SEARCH:
        client = signed_in(who)
        answers = [client.get("/insured/search/"), client.post("/insured/search/", {"q": "иванов"})]
        assert [(who, answer.status_code) for answer in answers] == [(who, status)] * 2


def test_the_page_shows_hits_and_htmx_gets_the_list_alone(signed_in: Any, register: dict[str, Person]) -> None:
    client = signed_in("alina")
    page = client.post("/insured/search/", {"q": "седая"}).content.decode()
    assert "<html" in page
    assert "Соловьёва-<mark>Седая</mark>" in page
    part = client.post("/insured/search/", {"q": "седая"}, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "<mark>Седая</mark>" in part
    assert "5476410835001236" not in page
    assert "Никого не нашли" in client.post("/insured/search/", {"q": "сидоров"}).content.decode()
    assert "&lt;b&gt;" in client.post("/insured/search/", {"q": "<b>седая"}).content.decode()


def test_the_text_is_not_taken_from_the_address(signed_in: Any, register: dict[str, Person]) -> None:
    page = signed_in("alina").get("/insured/search/", {"q": "седая"}).content.decode()
    assert "Седая" not in page
    assert "седая" not in page.split("examples", 1)[0]


def test_every_search_leaves_its_shape_and_never_its_text(signed_in: Any, register: dict[str, Person]) -> None:
    client = signed_in("alina")
    client.post("/insured/search/", {"q": "седая полина 14.03.85"})
    client.post("/insured/search/", {"q": "Полина Седая 14.03.1985"})
    client.post("/insured/search/", {"q": "сидоров"})
    client.post("/insured/search/", {"q": "с"})
    first, second, third = AuditLine.objects.filter(action="insured.search").order_by("at", "id")
    assert first.details["shape"] == ["word", "word", "birth:day"]
    assert (first.details["hits"], first.result) == (1, "done")
    assert first.details["fingerprint"] == second.details["fingerprint"] != third.details["fingerprint"]
    assert third.result == "not_found"
    assert first.employee_name.startswith("Алиева")
    assert "седая" not in str([line.details for line in (first, second, third)]).lower()


def test_whom_she_opened_lately_waits_before_anything_is_typed(
    signed_in: Any, register: dict[str, Person], cast: Any
) -> None:
    from opora.audit.services import record

    for name in ("petr", "polina", "petr", "stranger"):
        record("insured.card.read", register[name], by=cast.alina)
    record("insured.card.read", register["mamed"], by=cast.timur)
    page = signed_in("alina").get("/insured/search/").content.decode()
    assert "Соловьёва-Седая" in page
    assert page.index("Иванов Пётр") < page.index("Соловьёва-Седая")
    assert "Воробьянинов" not in page
    assert "Алиев " not in page
