"""Who is who, and what a file changes."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.insured.importing.engine import Report
from opora.insured.importing.profile import Profile
from opora.insured.importing.tests.conftest import HEADER, POLINA, PYOTR
from opora.insured.models import Attachment, Consent, Contact, ImportRun, MatchTask, Person, PersonChange, Policy
from opora.shared.tables import write_xlsx

Loading = Callable[..., Report]
Register = Callable[[], dict[str, list[Any]]]
WIDE = {
    "enp": "5476410835001236",
    "surname": "Соловьёва",
    "given_name": "Полина",
    "patronymic": "Андреевна",
    "birth_on": "1985-03-14",
    "sex": "Ж",
    "policy_since": "2015-05-01",
    "attachment_clinic": "540001",
    "attachment_site": "01",
    "attachment_area": "12",
    "attachment_since": "2018-01-10",
    "phone_number": "8 (900) 000-00-01",
    "phone_number_2": "+7 900 000-00-02",
    "phone_owner_2": "relative",
    "phone_state_2": "confirmed",
    "phone_confirmed_on_2": "2026-01-05",
    "email_address": "Polina@example.org",
    "address_text": '"Новосибирск, ул. Ленина, 1"',
    "former_surname": "Чижикова",
    "document_series": "50 04",
    "document_number": "123456",
    "document_issued_on": "2005-04-01",
    "category_code": "large_family",
    "category_code_2": "многодетная семья",
    "consent_channel": "sms",
    "consent_granted": "нет",
    "consent_decided_on": "2026-02-01",
}
EVERYTHING = ",".join(WIDE) + "\n" + ",".join(WIDE.values()) + "\n"


def polina() -> Person:
    return Person.objects.get(enp="5476410835001236")


def test_a_new_person_with_everything(loading: Loading, house: SimpleNamespace) -> None:
    assert loading(EVERYTHING).summary.new == 1
    with enter(Scope.system("test")):
        person = polina()
        assert (person.insurer, person.provider, person.territory) == (house.alfa, house.clinic, house.nsk)
        policy = person.policies.get()
        assert (policy.kind, policy.number, policy.since, policy.until) == (3, person.enp, date(2015, 5, 1), None)
        attachment = person.attachments.get()
        assert (attachment.site, attachment.area) == (house.site, "12")
        contacts = {contact.normalised or contact.value: contact for contact in person.contacts.all()}
        assert set(contacts) == {"79000000001", "79000000002", "polina@example.org", "Новосибирск, ул. Ленина, 1"}
        assert (contacts["79000000002"].state, contacts["79000000002"].owner) == ("confirmed", "relative")
        assert contacts["79000000001"].source == Contact.Source.INSURER
        assert person.former_names.get().surname == "Чижикова"
        assert (person.documents.get().series, person.documents.get().number) == ("5004", "123456")
        assert person.categories.get().code == "large_family"
        assert person.consents.get().is_granted is False
        assert not PersonChange.objects.exists()


def test_the_same_file_twice_changes_nothing(loading: Loading, register: Register) -> None:
    loading(EVERYTHING)
    before = register()
    report = loading(EVERYTHING)
    assert (report.summary.unchanged, report.summary.changed, report.summary.new) == (1, 0, 0)
    assert report.findings[0].code == "repeated_file"
    assert register() == before


def test_a_trial_tells_everything_and_writes_nothing(loading: Loading, register: Register) -> None:
    loading(HEADER + POLINA)
    before = register()
    report = loading(HEADER + POLINA.replace("Соловьёва-Седая", "Белова") + PYOTR, is_trial=True)
    assert (report.summary.new, report.summary.changed) == (1, 1)
    assert report.summary.fields == {"person.surname": 1}
    assert not report.is_stored
    assert report.document()["result"] == "accept"
    assert register() == before
    with enter(Scope.system("test")):
        assert ImportRun.objects.filter(state=ImportRun.State.TRIED, is_trial=True).exists()


def test_a_changed_surname_is_history_and_a_former_name(loading: Loading) -> None:
    loading(HEADER + POLINA)
    loading(HEADER + POLINA.replace("Соловьёва-Седая", "Белова"))
    with enter(Scope.system("test")):
        person = polina()
        assert (person.surname, person.version) == ("Белова", 2)
        assert person.former_names.get().surname == "Соловьёва-Седая"
        told = person.changes.values_list("row", "field", "before", "after").get()
        assert told == ("person", "surname", "Соловьёва-Седая", "Белова")


def test_a_blank_cell_erases_nothing(loading: Loading) -> None:
    loading(HEADER + POLINA)
    report = loading(HEADER + POLINA.replace("112-233-445 95", "").replace("Андреевна", ""))
    assert report.summary.unchanged == 1
    with enter(Scope.system("test")):
        assert (polina().snils, polina().patronymic) == ("11223344595", "Андреевна")


NOBODY = {"enp": "", "snils": ""}
MATCHING = [
    ({}, "same"),
    ({"surname": "Белова"}, "same"),  # ЕНП and birth date agree
    ({"enp": ""}, "same"),  # by СНИЛС
    (NOBODY, "same"),  # by name and birth date
    ({**NOBODY, "surname": "СОЛОВЬЕВА СЕДАЯ"}, "same"),
    ({**NOBODY, "patronymic": ""}, "ambiguous"),
    ({**NOBODY, "patronymic": "Ильинична"}, "no_policy"),  # a new person whose policy has no number
    ({"surname": "Белова", "birth_on": "15.03.1985"}, "ambiguous"),  # ЕНП of somebody else
    ({"enp": "", "surname": "Белова", "birth_on": "15.03.1985"}, "ambiguous"),  # СНИЛС of somebody else
    ({"enp": "2248299794000428"}, "ambiguous"),  # the same СНИЛС, another ЕНП
    ({"enp": "2248299794000428", "snils": ""}, "new"),  # a namesake with an ЕНП of her own
    ({"enp": "2248299794000428", "snils": "08765430300"}, "new"),
]


@pytest.mark.parametrize(("change", "verdict"), MATCHING)
def test_who_is_who(loading: Loading, change: dict[str, str], verdict: str) -> None:
    loading(HEADER + POLINA)
    row = dict(zip(HEADER.strip().split(";"), POLINA.strip().split(";"), strict=True)) | change
    summary = loading(HEADER + ";".join(row.values()) + "\n").summary
    counted = {name: getattr(summary, name) for name in ("new", "ambiguous", "no_policy")}
    counted["same"] = summary.changed + summary.unchanged
    assert counted == {**dict.fromkeys(counted, 0), verdict: 1}
    with enter(Scope.system("test")):
        assert MatchTask.objects.open().count() == (verdict == "ambiguous")
        assert Person.objects.count() == 1 + (verdict == "new")


def test_two_namesakes_are_never_guessed_and_asked_once(loading: Loading) -> None:
    alone = POLINA.replace("112-233-445 95", "")
    loading(HEADER + alone + alone.replace("5476410835001236", "2248299794000428"))
    unclear = HEADER + ";;" + POLINA.split(";", 2)[2]
    assert loading(unclear).summary.ambiguous == 1
    assert loading(unclear).summary.ambiguous == 1
    with enter(Scope.system("test")):
        task = MatchTask.objects.get()
        assert len(task.candidates) == 2
        assert task.given["person"]["surname"] == "Соловьёва-Седая"
        assert Person.objects.count() == 2


def test_a_later_policy_closes_the_former_one(loading: Loading, house: SimpleNamespace) -> None:
    loading(HEADER + POLINA, organisation=house.beta)
    report = loading(HEADER + POLINA.replace("01.05.2015", "01.06.2020"))
    assert report.summary.fields == {"policy.number": 1, "policy.until": 1}
    with enter(Scope.system("test")):
        assert polina().insurer == house.alfa
        periods = list(Policy.objects.order_by("since").values_list("insurer", "since", "until"))
    assert periods == [
        (house.beta.pk, date(2015, 5, 1), date(2020, 5, 31)),
        (house.alfa.pk, date(2020, 6, 1), None),
    ]


def test_an_insurer_cannot_touch_people_of_another(
    loading: Loading, register: Register, house: SimpleNamespace
) -> None:
    loading(HEADER + POLINA, organisation=house.beta)
    before = register()
    report = loading(HEADER + POLINA.replace("Полина", "Алла").replace("01.05.2015", "01.05.2010"))
    assert (report.summary.foreign, report.rejected) == (1, 1)
    assert register() == before


def test_an_insurer_cannot_add_people_of_another(loading: Loading, register: Register) -> None:
    before = register()
    report = loading(HEADER.strip() + ";policy_insurer\n" + POLINA.strip() + ";54002\n")
    assert report.summary.foreign == 1
    assert register() == before


def test_a_move_between_clinics_keeps_one_open_attachment(loading: Loading, house: SimpleNamespace) -> None:
    header = HEADER.strip() + ";attachment_clinic;attachment_since\n"
    for clinic, since in (("540001", "10.01.2018"), ("540002", "05.02.2020"), ("540001", "01.03.2019")):
        assert loading(header + POLINA.strip() + f";{clinic};{since}\n").is_stored
    with enter(Scope.system("test")):
        assert polina().provider == house.clinic2
        periods = list(Attachment.objects.order_by("since").values_list("provider__code", "since", "until"))
    assert periods == [
        ("540001", date(2018, 1, 10), date(2020, 2, 4)),
        ("540001", date(2019, 3, 1), date(2020, 2, 4)),
        ("540002", date(2020, 2, 5), None),
    ]


def test_a_dead_number_stays_dead_until_confirmed_later(loading: Loading) -> None:
    header = HEADER.strip() + ";phone_number;phone_state;phone_confirmed_on\n"
    loading(header + POLINA.strip() + ";89000000001;;\n")
    with enter(Scope.system("test")):
        Contact.objects.update(state="dead", added_at=timezone.now() - timedelta(days=5))
    loading(header + POLINA.strip() + ";+7 900 000 00 01;unconfirmed;\n")
    with enter(Scope.system("test")):
        assert Contact.objects.get().state == "dead"
    loading(header + POLINA.strip() + f";89000000001;confirmed;{timezone.localdate():%d.%m.%Y}\n")
    with enter(Scope.system("test")):
        assert Contact.objects.get().state == "confirmed"


def test_a_later_word_of_the_person_is_added(loading: Loading) -> None:
    header = HEADER.strip() + ";consent_channel;consent_granted;consent_decided_on\n"
    for granted, day in (("да", "01.02.2025"), ("нет", "01.02.2026"), ("нет", "01.02.2026")):
        loading(header + POLINA.strip() + f";sms;{granted};{day}\n")
    with enter(Scope.system("test")):
        assert [consent.is_granted for consent in Consent.objects.all()] == [False, True]


def test_a_full_file_tells_who_is_absent(loading: Loading, register: Register) -> None:
    loading(HEADER + POLINA + PYOTR)
    before = register()
    report = loading(HEADER + POLINA, mode="full")
    assert (report.summary.absent, report.summary.closed) == (1, 0)
    assert report.findings[-1].code == "absent"
    assert register() == before
    report = loading(HEADER + POLINA, mode="full", closes_absent=True)
    assert (report.summary.absent, report.summary.closed) == (1, 1)
    with enter(Scope.system("test")):
        gone = Person.objects.get(surname="Иванов")
        assert gone.policies.get().until == timezone.localdate() - timedelta(days=1)
        assert gone.changes.get().field == "until"


def test_the_fund_loads_everybody(loading: Loading, house: SimpleNamespace) -> None:
    header = HEADER.strip() + ";policy_insurer\n"
    report = loading(header + POLINA.strip() + ";54001\n" + PYOTR.strip() + ";54002\n", organisation=house.fund)
    assert report.summary.new == 2
    with enter(Scope.system("test")):
        assert set(Person.objects.values_list("insurer__code", flat=True)) == {"54001", "54002"}
    refused = loading(HEADER + POLINA, organisation=house.fund)
    assert "Не указана страховая полиса" in refused.findings[0].message


def test_a_branch_loads_for_its_head(loading: Loading, house: SimpleNamespace) -> None:
    assert loading(HEADER + POLINA, organisation=house.branch).summary.new == 1
    with enter(Scope.system("test")):
        assert polina().insurer == house.alfa


def test_a_profile_reads_the_partners_own_way(loading: Loading) -> None:
    profile = Profile(
        name="beta-1c",
        columns={"Ф.И.О. фамилия": "surname", "N полиса": "enp", "ДеньРожд": "birth_on", "Начало": "policy_since"},
        values={"sex": {"10301": "1", "10302": "2"}},
        ignore=["Рост"],
        dates="mdy",
    )
    header = "N полиса\tФ.И.О. фамилия\tИМЯ\tДеньРожд\tПол\tНачало\tРост\n"
    report = loading(header + "5476410835001236\tБелова\tПолина\t03/14/1985\t10302\t05/01/2015\t170\n", profile=profile)
    assert (report.summary.new, report.findings) == (1, [])
    with enter(Scope.system("test")):
        assert (polina().birth_on, polina().sex) == (date(1985, 3, 14), 2)


def test_the_same_people_in_xml_and_in_a_book(loading: Loading, register: Register, tmp_path: Path) -> None:
    xml = (
        '<?xml version="1.0" encoding="UTF-8"?><insured version="1" mode="delta" records="1"><person><record>7</record>'
        "<enp>5476410835001236</enp><snils>11223344595</snils><surname>Соловьёва-Седая</surname>"
        "<given_name>Полина</given_name><patronymic>Андреевна</patronymic><birth_on>1985-03-14</birth_on><sex>2</sex>"
        "<policy><since>2015-05-01</since></policy><phone><number>89000000001</number></phone>"
        "<phone><number>89000000002</number></phone></person></insured>"
    )
    assert loading(xml, "people.xml").summary.new == 1
    before = register()
    book = tmp_path / "book.xlsx"
    write_xlsx(book, HEADER.strip().split(";"), [POLINA.strip().split(";")])
    report = loading(book.read_bytes(), "people.xlsx")
    assert (report.summary.unchanged, report.findings) == (1, [])
    assert register() == before
