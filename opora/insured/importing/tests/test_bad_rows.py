"""Each bad row has its sentence and its place, and the register knows nothing of it."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from opora.insured.importing.engine import Report
from opora.insured.importing.errors import ImportRefused
from opora.insured.importing.tests.conftest import HEADER, POLINA, PYOTR

Loading = Callable[..., Report]
Register = Callable[[], dict[str, list[Any]]]
GOOD = {
    "enp": "5476410835001236",
    "snils": "",
    "surname": "Соловьёва",
    "given_name": "Полина",
    "patronymic": "Андреевна",
    "birth_on": "14.03.1985",
    "sex": "2",
    "policy_since": "01.05.2015",
}
CLINIC = {"attachment_clinic": "540001"}
REJECTED = [
    ({"surname": "Сoловьёва"}, "surname", "Латинская буква «o» на месте 2, вероятно, нужна «о»"),
    ({"surname": "П0пова"}, "surname", "Цифра «0» на месте 2"),
    ({"surname": "Я" * 101}, "surname", "длиннее 100 знаков"),
    ({"surname": "Иванова@"}, "surname", "В имени знак «@»"),
    ({"surname": "", "given_name": ""}, "surname", "Нет ни фамилии, ни имени"),
    ({"surname": "Ивано\x07ва"}, "surname", "Невидимый знак U+0007"),
    ({"birth_on": "31.02.1985"}, "birth_on", "Такой даты нет: в феврале 1985 года 28 дней"),
    ({"birth_on": "29.02.2001"}, "birth_on", "Такой даты нет"),
    ({"birth_on": "14.13.1985"}, "birth_on", "Такой даты нет"),
    ({"birth_on": "14.03.85"}, "birth_on", "Дата не разобрана"),
    ({"birth_on": "14.03.2199"}, "birth_on", "Дата в будущем"),
    ({"birth_on": "14.03.1785"}, "birth_on", "Год не подходит"),
    ({"birth_on": ""}, "birth_on", "обязательно и не заполнено"),
    ({"died_on": "13.03.1985"}, "died_on", "Смерть раньше рождения"),
    ({"sex": "3"}, "sex", "Пол пишут"),
    ({"sex": ""}, "sex", "обязательно"),
    ({"enp": "547641083500123"}, "enp", "В ЕНП 16 цифр, а здесь 15"),
    ({"enp": "54764108350012Зб"}, "enp", "только цифры"),
    ({"territory": "99999"}, "territory", "Территории с таким кодом"),
    ({"policy_insurer": "99999"}, "policy_insurer", "Страховой с таким кодом"),
    ({"policy_until": "30.04.2015"}, "policy_until", "Период перевёрнут"),
    ({"policy_since": "01.05.2199"}, "policy_since", "Дата в будущем"),
    ({"policy_kind": "7"}, "policy_kind", "бывают 1, 2, 3, 4"),
    ({"policy_since": ""}, "enp", "Новый человек без полиса"),
    (
        {**CLINIC, "attachment_since": "1.1.2020", "attachment_until": "1.1.2019"},
        "attachment_until",
        "Период перевёрнут",
    ),
    ({**CLINIC, "attachment_since": ""}, "attachment_since", "У прикрепления нет даты начала"),
]
WARNED = [
    ({"enp": "5476410835001237"}, "enp", "Контрольная цифра ЕНП не сходится"),
    ({"snils": "112-233-445 94"}, "snils", "Контрольное число СНИЛС не сходится"),
    ({"snils": "1122334459"}, "snils", "В СНИЛС 11 цифр, а здесь 10"),
    ({"patronymic": "Андреевич"}, "patronymic", "Отчество не подходит к полу"),
    (
        {"attachment_clinic": "999999", "attachment_since": "01.01.2020"},
        "attachment_clinic",
        "Клиники с таким кодом",
    ),
    (
        {**CLINIC, "attachment_since": "01.01.2020", "attachment_site": "77"},
        "attachment_site",
        "Площадки с таким кодом",
    ),
    ({"time_zone": "Asia/Nowhere"}, "time_zone", "Такого часового пояса нет"),
    ({"phone_number": "222-15-15"}, "phone_number", "Номер не набрать"),
    ({"email_address": "polina@"}, "email_address", "не адрес электронной почты"),
    ({"category_code": "king"}, "category_code", "Такого кода в формате нет"),
    ({"document_number": "123456", "document_series": "50"}, "document_number", "У паспорта 4 цифры серии"),
    ({"consent_channel": "sms", "consent_granted": "может"}, "consent_granted", "нужны канал, цель"),
]


def table(*changes: dict[str, str]) -> str:
    columns = list(dict.fromkeys([*GOOD, *(name for change in changes for name in change)]))
    rows = [";".join({**GOOD, **change}.get(name, "") for name in columns) for change in changes]
    return "\n".join([";".join(columns), *rows]) + "\n"


@pytest.mark.parametrize(("change", "field", "sentence"), REJECTED)
def test_a_bad_row_is_left_out(
    loading: Loading, register: Register, change: dict[str, str], field: str, sentence: str
) -> None:
    before = register()
    report = loading(table(change))
    assert (report.records, report.rejected, report.summary.accepted) == (1, 1, 0)
    found = report.findings[0]
    assert (found.line, found.field) == (2, field)
    assert sentence in found.message
    assert register() == before


@pytest.mark.parametrize(("change", "field", "sentence"), WARNED)
def test_a_doubtful_row_is_taken_with_a_warning(
    loading: Loading, change: dict[str, str], field: str, sentence: str
) -> None:
    report = loading(table(change))
    assert (report.records, report.warned, report.summary.new) == (1, 1, 1)
    found = report.findings[0]
    assert (found.line, found.field) == (2, field)
    assert sentence in found.message


def test_the_wrong_check_digit_is_refused_by_a_setting(loading: Loading, settings: Any) -> None:
    settings.ENP_CONTROL = "deny"
    report = loading(table({"enp": "5476410835001237"}))
    assert report.rejected == 1
    assert report.findings[0].code == "enp_control"


def test_the_same_person_twice_in_a_file(loading: Loading) -> None:
    by_snils = {"enp": "", "snils": "11223344595", "policy_kind": "2", "policy_number": "123456789"}
    report = loading(table({}, {"surname": "Другая"}, by_snils, {**by_snils, "snils": "112-233-445 95"}))
    assert [(found.line, found.code, found.message) for found in report.findings] == [
        (3, "duplicate", "Этот человек уже был в строке 2 этого файла"),
        (5, "duplicate", "Этот человек уже был в строке 4 этого файла"),
    ]
    assert report.summary.new == 2


def test_one_bad_row_refuses_the_file_by_a_setting(loading: Loading, register: Register) -> None:
    before = register()
    report = loading(HEADER + POLINA + PYOTR.replace("02.01.1970", "31.02.1970"), refuses_on_error=True)
    assert not report.is_accepted
    assert report.document()["result"] == "reject"
    assert register() == before
    assert loading(HEADER + POLINA + PYOTR, refuses_on_error=True).summary.new == 2


BAD_FILES = [
    (b"", "0 байт"),
    ((HEADER + POLINA).encode() + PYOTR.encode()[:30], "Строка 3: файл обрывается"),
    ((HEADER + POLINA + PYOTR).encode() + b"\0\n", "Строка 4: нулевой байт"),
    ((HEADER + (POLINA + PYOTR) * 30).encode("koi8-r"), "KOI8-R"),
    (HEADER.replace(";", "|").encode() + POLINA.encode(), "Строка 2: заголовок разделён чертой"),
    ((HEADER + POLINA + PYOTR.replace("Иванов", "Я" * 1_000_000)).encode(), "Строка 3, колонка «surname»: в ячейке"),
    ("рост;вес\n1;2\n".encode(), "нет обязательных колонок: surname, given_name, birth_on, sex"),
    (HEADER.encode(), "В файле нет ни одной записи"),
    (b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><insured><person/></insured>", "DOCTYPE"),
    (b"<?xml version='1.0'?><insured records='5'><person/></insured>", "Записей в файле 1, а объявлено 5"),
    (b"<?xml version='1.0'?><insured><person><surname>A</surname></person><per", "обрывается"),
]


@pytest.mark.parametrize(("content", "sentence"), BAD_FILES)
def test_a_bad_file_changes_nothing(loading: Loading, register: Register, content: bytes, sentence: str) -> None:
    loading(HEADER + POLINA)
    before = register()
    report = loading(content, "bad")
    assert not report.is_accepted
    assert sentence in report.findings[-1].message
    assert report.document() | {"findings": [], "protocol": ""} == {
        "file": "bad",
        "format": "insured",
        "result": "reject",
        "records_in_file": report.records,
        "accepted": 0,
        "rejected": report.records,
        "warned": 0,
        "stored": False,
        "summary": report.summary.as_dict(),
        "findings": [],
        "findings_total": report.findings_total,
        "protocol": "",
    }
    assert register() == before


def test_the_protocol_has_line_field_value_and_sentence(loading: Loading) -> None:
    report = loading(table({"birth_on": "31.02.1985"}, {"phone_number": "=1+1", "enp": "2248299794000428"}))
    assert report.protocol is not None
    assert report.protocol.stat().st_mode & 0o777 == 0o600
    with report.protocol.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream, delimiter=";"))
    assert rows[1][:6] == ["2", "", "birth_on", "31.02.1985", "ошибка", "date"]
    assert rows[2][:4] == ["3", "", "phone_number", "'=1+1"]
    assert report.protocol.with_suffix(".xlsx").exists()
    assert json.loads(report.protocol.with_suffix(".json").read_text(encoding="utf-8-sig"))["rejected"] == 1


def test_the_screen_never_sees_the_value(loading: Loading) -> None:
    report = loading(table({"birth_on": "31.02.1985"}, {"enp": "5476410835001237", "surname": "Тайнова"}))
    told = json.dumps(report.document(), ensure_ascii=False)
    for secret in ("31.02.1985", "5476410835001237", "Тайнова"):
        assert secret not in told


def test_only_the_fund_and_insurers_load_the_register(loading: Loading, house: SimpleNamespace, tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match="фонд и страховые"):
        loading(HEADER + POLINA, organisation=house.clinic)
