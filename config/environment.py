"""Settings from the environment: every one named, typed and explained; an unknown ``OPORA_…`` refuses to start.

The table in ``docs/settings.md`` is written from this class by ``opora settings --markdown``.
"""

import os
import re
from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from config.russian import in_russian

PREFIX = "OPORA_"
BARE = {"DATABASE_URL", "DATABASE_REPLICA_URL"}
UNSAFE_SECRET = "development-only-never-in-production"  # noqa: S105


class EnvironmentRefused(SystemExit):
    """The settings are wrong; the text says which and why. Exit code 3 (``cli.md``)."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        super().__init__(3)

    def __str__(self) -> str:
        return "Настройки не приняты:\n" + "\n".join(f"  · {line}" for line in self.lines)


class Environment(BaseModel):
    """One field is one variable: ``secret_key`` is read from ``OPORA_SECRET_KEY``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    mode: Literal["development", "demo", "production"] = Field(
        "development", description="Где работает программа. В production небезопасные настройки останавливают запуск."
    )
    database_url: str = Field(
        "", description="Адрес PostgreSQL ≥ 15. Пусто — программа ведёт свой кластер в папке данных."
    )
    database_replica_url: str = Field("", description="Адрес реплики для отчётов и выгрузок.")
    data: Path = Field(Path(".opora"), description="Папка данных: свой кластер, вложения, протоколы загрузок.")
    postgres_bin: str = Field(
        "", description="Папка программ PostgreSQL для своего кластера (где initdb). Пусто — найти самим."
    )
    doubt_seconds: int = Field(
        3600,
        ge=5,
        description="Сколько ждать отчёта о сообщении, ответа о котором не было, прежде чем отправить его снова.",
    )
    silence_hours: int = Field(
        72, ge=1, description="Через сколько часов без отчёта отправленное считается оставшимся без квитанции."
    )
    metrics_nets: str = Field(
        "127.0.0.0/8,::1/128", description="Сети, из которых читают /metrics, через запятую; адрес nginx не считается."
    )
    inner_nets: str = Field(
        "",
        description="Внутренние сети, куда можно вести адресам провайдеров и дверей, через запятую: почтовый сервер,"
        " туннель. Без них — только интернет; свой же компьютер закрыт лишь в production.",
    )
    live_port: int = Field(
        0,
        ge=0,
        le=65535,
        description="Порт живых новостей для браузера; 0 — тот же адрес, что у страниц (через nginx).",
    )
    secret_key: str = Field(UNSAFE_SECRET, description="Ключ подписи сеансов, не короче 50 знаков.")
    hosts: str = Field(
        "localhost,127.0.0.1,[::1]", description="Имена, под которыми открывают программу, через запятую."
    )
    behind_proxy: bool = Field(
        False, description="Перед программой стоит nginx, который ставит X-Forwarded-Proto и X-Forwarded-For."
    )
    https: bool = Field(False, description="Сайт открывают только по https: куки с Secure, HSTS.")
    idle_minutes: int = Field(30, ge=1, le=720, description="Через сколько минут без действий сеанс закрывается.")
    file_mb: int = Field(20, ge=1, le=200, description="Наибольший размер файла обращения, мегабайт.")
    enp_control: Literal["warning", "deny"] = Field(
        "warning", description="Неверная контрольная цифра ЕНП: предупредить или отказать."
    )
    exchange_dir: str = Field(
        "", description="Папка обмена: in, out, archive и принятые файлы. Пусто — exchange в папке данных."
    )
    exchange_same_name: Literal["version", "refuse"] = Field(
        "version", description="Файл с прежним именем и другим содержимым: принять новой версией или отказать."
    )
    exchange_days: int = Field(
        1095,
        ge=30,
        description="Сколько дней хранить файлы партнёров, замечания и протоколы; счета клиник — 30 дней."
        " Записи, взятые из них, остаются.",
    )
    common_cards: str = Field(
        "",
        pattern=r"^\d{0,20}$",
        description="Код организации, которая ведёт карточки ответов, общие для всех территорий. Пусто — фонд, если"
        " территория одна; если их несколько — никто.",
    )
    sstu_department: str = Field("", description="GUID организации на портале ССТУ.РФ: без него ответы не выгружаются.")
    time_zone: str = Field(
        "Europe/Moscow", description="Часовой пояс страниц для тех, у чьей организации свой не указан."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="Подробность журнала программы."
    )
    pbx_name: str = Field("", max_length=40, description="Имя АТС (Asterisk), как у её линий. Пусто — АТС нет.")
    pbx_address: str = Field("127.0.0.1:5038", description="Адрес и порт AMI: docs/asterisk.md.")
    pbx_login: str = Field("", description="Пользователь AMI.")
    pbx_secret: str = Field("", description="Его пароль.")
    pbx_log: str = Field(
        "", description="Папка журналов АТС, как её видит программа: отсюда берут пропущенное. Пусто — неоткуда."
    )
    pbx_wss: str = Field(
        "", description="Адрес АТС для телефона в браузере, например wss://ats.example:8089/ws. Пусто — его нет."
    )
    pbx_phones: str = Field(
        "", description="Файл «добавочный пароль» по строкам: пароли PJSIP для телефона в браузере."
    )
    pbx_recordings: str = Field(
        "", description="Папка записей АТС, как её видит программа. Пусто — записи берут через ARI."
    )
    pbx_ari: str = Field("", description="Адрес ARI, например http://10.0.0.5:8088. Пусто — ARI нет.")
    pbx_ari_login: str = Field("", description="Пользователь ARI.")
    pbx_ari_secret: str = Field("", description="Его пароль.")
    pbx_erases: bool = Field(False, description="Стирать запись на АТС, когда она получена и зашифрована здесь.")
    oidc_name: str = Field("", description="Название внешнего входа на кнопке, например «Единый вход фонда».")
    oidc_url: str = Field("", description="Адрес поставщика OpenID Connect (issuer).")
    oidc_client_id: str = Field("", description="Идентификатор программы у поставщика входа.")
    oidc_client_secret: str = Field("", description="Секрет программы у поставщика входа.")

    @field_validator("metrics_nets", "inner_nets")
    @classmethod
    def _are_nets(cls, text: str) -> str:
        for net in filter(None, (part.strip() for part in text.split(","))):
            ip_network(net)
        return text

    @field_validator("pbx_address")
    @classmethod
    def _is_address(cls, text: str) -> str:
        host, _, port = text.rpartition(":")
        if not host or not port.isdigit() or not 0 < int(port) < 65536:
            raise ValueError("нужны адрес и порт, например 10.0.0.5:5038")
        return text

    @field_validator("pbx_wss")
    @classmethod
    def _is_socket(cls, text: str) -> str:
        if text and not re.fullmatch(r"wss?://[A-Za-z0-9.-]+(:\d{1,5})?(/[\w/.-]*)?", text):
            raise ValueError("нужен адрес вида wss://ats.example:8089/ws")
        return text

    @property
    def host_list(self) -> list[str]:
        return [name.strip() for name in self.hosts.split(",") if name.strip()]


def read(source: Mapping[str, str] | None = None) -> Environment:
    """Return the settings of this process. Raises EnvironmentRefused with one line for each fault."""
    variables = os.environ if source is None else source
    values = {name.removeprefix(PREFIX).lower(): text for name, text in variables.items() if name.startswith(PREFIX)}
    values |= {name.lower(): variables[name] for name in BARE if name in variables}
    try:
        environment = Environment.model_validate(values)
    except ValidationError as fault:
        raise EnvironmentRefused([_sentence(error) for error in fault.errors()]) from None
    if environment.mode == "production" and (lines := unsafe(environment)):
        raise EnvironmentRefused(lines)
    return environment


def variable(field: str) -> str:
    """Return the name of the environment variable of a field."""
    return field.upper() if field.upper() in BARE else PREFIX + field.upper()


def _sentence(error: Mapping[str, object]) -> str:
    place = error["loc"]
    name = variable(str(place[0])) if isinstance(place, tuple) and place else "?"
    if error["type"] == "extra_forbidden":
        return f"{name}: такой настройки нет — проверьте написание, список в docs/settings.md"
    return f"{name}: {in_russian(str(error['msg']))}"


def unsafe(environment: Environment) -> list[str]:
    """Return why these settings may not meet the outside world, one line for each reason."""
    lines = []
    if environment.secret_key == UNSAFE_SECRET or len(environment.secret_key) < 50:
        lines.append("OPORA_SECRET_KEY: нужен свой ключ не короче 50 знаков")
    if not environment.https:
        lines.append("OPORA_HTTPS: в production страницы открывают только по https")
    if environment.oidc_url and not environment.oidc_url.startswith("https://"):
        lines.append("OPORA_OIDC_URL: адрес поставщика входа начинается с https://")
    if environment.pbx_wss and not environment.pbx_wss.startswith("wss://"):
        lines.append("OPORA_PBX_WSS: телефон в браузере соединяется только по wss://")
    if "*" in environment.host_list:
        lines.append("OPORA_HOSTS: перечислите имена, звёздочка пускает любое")
    return lines
