"""What is set for a provider of each kind: one list for the form, the check and the adapter's defaults."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from opora.channels.words import Kind


class Form(StrEnum):
    """How a setting is written."""

    LINE = "line"
    TEXT = "text"
    NUMBER = "number"
    CHOICE = "choice"
    FLAG = "flag"
    SECRET = "secret"  # noqa: S105 - kept apart from the others, sealed


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting. A choice has ``choices``, a number ``least`` and ``most``; a secret never comes back to the page.

    ``told_to`` are the settings that name the servers a secret is told to.
    """

    name: str
    label: str
    form: Form = Form.LINE
    default: Any = ""
    is_needed: bool = False
    help: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    least: float = 0
    most: float = 1_000_000
    told_to: tuple[str, ...] = ()

    def fault(self, value: Any) -> str:
        """Return what is wrong with a value, empty for a good one."""
        if value in ("", None):
            return "Заполните поле." if self.is_needed else ""
        if self.form == Form.FLAG and not isinstance(value, bool):
            return "Здесь да или нет."
        if self.form == Form.CHOICE and value not in dict(self.choices):
            return f"Такого значения нет: {value}."
        if self.form == Form.NUMBER:
            is_number = isinstance(value, int | float) and not isinstance(value, bool)
            if not is_number or not self.least <= value <= self.most:
                return f"Здесь число от {self.least:g} до {self.most:g}."
        if self.form in {Form.LINE, Form.TEXT, Form.SECRET} and not isinstance(value, str):
            return "Здесь текст."
        return ""


_HOST = Setting("host", "Адрес сервера", is_needed=True, help="Имя или IP, без протокола.")
_ANSWER = Setting("answer_seconds", "Сколько ждать ответа, секунд", Form.NUMBER, 30, least=0.05, most=600)
_TLS = Setting("tls", "Шифровать соединение (TLS)", Form.FLAG, False)

SCHEMAS: dict[str, tuple[Setting, ...]] = {
    Kind.SMPP: (
        _HOST,
        Setting("port", "Порт", Form.NUMBER, 2775, is_needed=True, least=1, most=65535),
        Setting("system_id", "Логин (system_id)", is_needed=True),
        Setting(
            "password",
            "Пароль",
            Form.SECRET,
            help="До 8 знаков; больше по SMPP 3.4 передать нельзя.",
            told_to=("host",),
        ),
        Setting("system_type", "Тип системы (system_type)"),
        _TLS,
        Setting(
            "long",
            "Как отправлять длинный текст",
            Form.CHOICE,
            "udh",
            choices=(
                ("udh", "частями с заголовком UDH"),
                ("sar", "частями с полями sar_*"),
                ("payload", "целиком в message_payload"),
            ),
        ),
        Setting(
            "latin",
            "Текст без кириллицы",
            Form.CHOICE,
            "gsm7",
            choices=(("gsm7", "алфавитом GSM, 160 знаков"), ("ucs2", "всегда в UCS-2, 70 знаков")),
        ),
        Setting(
            "ids",
            "Номер сообщения в ответе и в отчёте",
            Form.CHOICE,
            "same",
            choices=(
                ("same", "записан одинаково"),
                ("answer_hex", "в ответе шестнадцатеричный, в отчёте десятичный"),
                ("receipt_hex", "в ответе десятичный, в отчёте шестнадцатеричный"),
            ),
        ),
        Setting(
            "reference_tlv",
            "Поле для нашего номера (TLV)",
            Form.NUMBER,
            0,
            help="От 5120 до 16383, если провайдер просит; 0 — не передавать.",
            most=16383,
        ),
        Setting("enquire_seconds", "Проверять связь, секунд", Form.NUMBER, 30, least=0.05, most=3600),
        _ANSWER,
    ),
    Kind.HTTP: (
        Setting("url", "Адрес отправки", is_needed=True, help="Можно с полями: {to}, {text}, {sender}, {reference}."),
        Setting("method", "Метод", Form.CHOICE, "POST", choices=(("POST", "POST"), ("GET", "GET"))),
        Setting("headers", "Заголовки", Form.TEXT, help="По одному в строке: Имя: значение. {token} — ключ доступа."),
        Setting(
            "body",
            "Тело запроса",
            Form.TEXT,
            help='Те же поля в фигурных скобках; в JSON — внутри кавычек: "text": "{text}".',
        ),
        Setting("token", "Ключ доступа", Form.SECRET, told_to=("url", "status_url")),
        Setting("login", "Логин"),
        Setting("password", "Пароль", Form.SECRET, told_to=("url", "status_url")),
        Setting("id_path", "Где в ответе номер сообщения", help="Путь в JSON: messages.0.id. Пусто — весь ответ."),
        Setting("error_path", "Где в ответе код ошибки", help="Путь в JSON; пусто или 0 по этому пути — ошибки нет."),
        Setting("permanent", "Коды постоянных отказов", help="Через запятую; остальные — временные."),
        Setting("status_url", "Адрес опроса состояния", help="С полем {id}. Пусто — состояние присылают нам."),
        Setting("status_path", "Где в отчёте состояние", default="status"),
        Setting("receipt_id_path", "Где в отчёте номер сообщения", default="id"),
        Setting(
            "states",
            "Состояния провайдера",
            Form.TEXT,
            help="По одному в строке: их слово = наше: accepted, enroute, delivered, read, undeliverable, rejected, "
            "expired, unknown.",
        ),
        Setting("poll_seconds", "Опрашивать состояние каждые, секунд", Form.NUMBER, 30, least=0.05, most=3600),
        Setting("callback_secret", "Секрет приёма отчётов", Form.SECRET, help="Часть адреса, по которому нам пишут."),
        _ANSWER,
    ),
    Kind.SMTP: (
        _HOST,
        Setting("port", "Порт", Form.NUMBER, 25, is_needed=True, least=1, most=65535),
        Setting(
            "security",
            "Шифрование",
            Form.CHOICE,
            "starttls",
            choices=(("starttls", "STARTTLS"), ("tls", "TLS с начала"), ("none", "без шифрования")),
        ),
        Setting("login", "Логин"),
        Setting("password", "Пароль", Form.SECRET, told_to=("host",)),
        Setting("bounce_address", "Адрес возвратов", help="На него вернутся письма, которые не доставлены."),
        Setting(
            "verp",
            "Адрес возврата свой у каждого письма (VERP)",
            Form.FLAG,
            False,
            help="Почтовый сервер должен принимать адреса вида возврат+номер@…",
        ),
        Setting("connections", "Соединений", Form.NUMBER, 4, least=1, most=50),
        Setting("imap_host", "Ящик возвратов: сервер IMAP", help="Пусто — возвраты не читать."),
        Setting("imap_port", "Ящик возвратов: порт", Form.NUMBER, 993, least=1, most=65535),
        Setting("imap_tls", "Ящик возвратов: TLS", Form.FLAG, True),
        Setting("imap_login", "Ящик возвратов: логин"),
        Setting("imap_password", "Ящик возвратов: пароль", Form.SECRET, told_to=("imap_host",)),
        Setting("imap_folder", "Ящик возвратов: папка", default="INBOX"),
        Setting("poll_seconds", "Читать ящик каждые, секунд", Form.NUMBER, 60, least=0.05, most=3600),
        _ANSWER,
    ),
    Kind.STANDIN: (
        Setting("receipt_seconds", "Через сколько секунд ответить отчётом", Form.NUMBER, 1, most=3600),
        Setting("fail_every", "Каждое N-е не доставлять", Form.NUMBER, 0, help="0 — доставлять все.", most=1_000_000),
        Setting("is_down", "Отвечать, что недоступна", Form.FLAG, False),
        Setting("reads", "Сообщать о прочтении", Form.FLAG, False),
    ),
}


def plain_settings(kind: str) -> tuple[Setting, ...]:
    return tuple(one for one in SCHEMAS[kind] if one.form != Form.SECRET)


def secret_settings(kind: str) -> tuple[Setting, ...]:
    return tuple(one for one in SCHEMAS[kind] if one.form == Form.SECRET)


def is_elsewhere(secret: Setting, former: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Whether a kept secret would be told to a server it was not entered for."""
    known = {server_of(former.get(name)) for name in secret.told_to}
    return any(server_of(now.get(name)) not in {"", *known} for name in secret.told_to)


def server_of(value: Any) -> str:
    """Return whom a setting names: the host itself, of an address its protocol, host and port.

    >>> server_of("smpp.alfa.example"), server_of("https://sms.example/send?to={to}"), server_of(None)
    ('smpp.alfa.example', 'https://sms.example', '')
    """
    text = str(value or "").strip().lower()
    scheme, mark, rest = text.partition("://")
    return f"{scheme}://{re.split(r'[/?#]', rest)[0]}" if mark else text


def complete(kind: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return all settings of a kind: what is set, and the default for what is not."""
    return {one.name: settings.get(one.name, one.default) for one in plain_settings(kind)}


def faults(kind: str, settings: Mapping[str, Any]) -> dict[str, str]:
    """Return what is wrong, setting → sentence; a setting nobody knows is wrong too."""
    known = {one.name: one for one in plain_settings(kind)}
    found = {name: one.fault(settings.get(name, one.default)) for name, one in known.items()}
    found |= {name: "Такой настройки нет." for name in settings if name not in known}
    return {name: fault for name, fault in found.items() if fault}
