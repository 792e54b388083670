"""What an administrator says of a mailbox or of a bot."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django import forms
from django.db.models import Q

from opora.channels.models import Provider
from opora.channels.words import Channel as Carried
from opora.classifiers.words import Kind as AppealKind
from opora.doors.models import Door
from opora.doors.words import Kind, Rule
from opora.organisations.models import Employee, Organisation

KEPT = "Задан. Чтобы заменить, введите новый."
ELSEWHERE = "Сервер другой. Введите заново: то, что задано, туда не отправим."
PLAIN = ["title", "slug", "organisation", "address", "provider", "rule", "appeal_kind", "topic", "greeting"]
MESSENGER = "https://api.telegram.org"
_TOKEN = re.compile(r"[0-9]{5,20}:[A-Za-z0-9_-]{30,100}")
OF_BOX = {"host": "", "port": 993, "tls": True, "login": "", "folder": "INBOX", "plus": False}


class DoorForm(forms.ModelForm):
    """A door as all kinds have it: whose it is, by what rule, what its writer is told. A kind adds how it is reached:
    ``SECRET`` is the field that is kept sealed and shown to nobody, ``SERVER`` the field that says to whom it is told.
    """

    SECRET: ClassVar[str]
    SERVER: ClassVar[str]

    class Meta:
        model = Door
        fields = [*PLAIN, "is_active"]

    def __init__(self, *args: Any, manager: Employee, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hers = Organisation.objects.manageable_by(manager).filter(closed_on=None)
        own = manager.scope.organisation
        if own is not None:  # of another house she would not see the door she has made
            hers = hers.filter(Q(pk=own) | Q(parent=own))
        organisation: Any = self.fields["organisation"]
        organisation.queryset = hers
        self.fields["address"].required = True
        self.fields["title"].widget.attrs["autofocus"] = True
        self.fields["appeal_kind"] = forms.ChoiceField(
            label="Вид обращения", choices=[("", "—"), *AppealKind.choices], required=False
        )
        self.fields["greeting"].widget.attrs["rows"] = 5
        if self.instance.secrets:
            self.fields[self.SECRET].help_text = KEPT
        else:
            self.fields[self.SECRET].required = True

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("rule") == Rule.APPEAL and not (data.get("topic") and data.get("appeal_kind")):
            self.add_error("topic", "Чтобы регистрировать сразу, укажите тему и вид обращения.")
        same = Q(kind=self.instance.kind, address__iexact=data.get("address", ""), is_active=True)
        if data.get("is_active") and Door.objects.filter(same).exclude(pk=self.instance.pk).exists():
            self.add_error("address", f"{self.THIS} уже открыт: одно письмо не должно прийти дважды.")
        server = data.get(self.SERVER)
        is_elsewhere = server is not None and server != self.fields[self.SERVER].initial
        if self.instance.secrets and is_elsewhere and not data.get(self.SECRET):
            self.add_error(self.SECRET, ELSEWHERE)
        return data

    THIS: ClassVar[str] = "Этот ящик"

    @property
    def reached(self) -> dict[str, Any]:
        """What is kept in ``settings``."""
        raise NotImplementedError

    def kept(self) -> Door:
        """Return the door with its settings and its secret, not saved."""
        row: Door = self.save(commit=False)
        row.settings = {**row.settings, **self.reached}
        if self.cleaned_data[self.SECRET]:
            row.keep_secrets({self.SECRET: self.cleaned_data[self.SECRET]})
        return row

    @property
    def told(self) -> Mapping[str, Any]:
        """What the log is told: names of what changed, never a value."""
        return {"changed": sorted(self.changed_data)}


class MailboxForm(DoorForm):
    """A door that is a mailbox."""

    SECRET = "password"  # noqa: S105 - the name of the field
    SERVER = "host"

    host = forms.CharField(label="Сервер IMAP", max_length=253)
    port = forms.IntegerField(label="Порт", min_value=1, max_value=65535)
    tls = forms.BooleanField(label="Соединение с шифрованием (TLS)", required=False)
    login = forms.CharField(label="Имя для входа", max_length=254)
    password = forms.CharField(label="Пароль", max_length=500, required=False, widget=forms.PasswordInput)
    folder = forms.CharField(label="Папка", max_length=200)
    plus = forms.BooleanField(
        label="Узнавать ответ по адресу",
        required=False,
        help_text="Сервер принимает письма на «ящик+метка@…»: так ответ найдёт свою переписку.",
    )

    def __init__(self, *args: Any, manager: Employee, **kwargs: Any) -> None:
        super().__init__(*args, manager=manager, **kwargs)
        provider: Any = self.fields["provider"]
        provider.queryset = Provider.objects.accessible_to(manager).active().filter(channel=Carried.EMAIL)
        provider.help_text = "Через него уходят ответы. Без него двери отвечать нечем."
        self.fields["address"].validators.append(forms.EmailField.default_validators[0])
        for name, otherwise in OF_BOX.items():
            self.fields[name].initial = self.instance.settings.get(name, otherwise)
        self.order_fields(["title", "slug", "organisation", "address", *OF_BOX, "password", *PLAIN[4:], "is_active"])

    @property
    def reached(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in OF_BOX}


class BotForm(DoorForm):
    """A door that is a bot of Telegram."""

    SECRET = "token"  # noqa: S105 - the name of the field
    SERVER = "api"
    THIS = "Этот бот"

    token = forms.CharField(
        label="Токен",
        max_length=150,
        required=False,
        widget=forms.PasswordInput,
        help_text="Его выдаёт BotFather, когда бота создают.",
    )
    api = forms.CharField(
        label="Сервер Bot API",
        max_length=300,
        help_text="Обычно не меняют. Свой сервер Bot API — по его адресу.",
    )

    def __init__(self, *args: Any, manager: Employee, **kwargs: Any) -> None:
        super().__init__(*args, manager=manager, **kwargs)
        del self.fields["provider"]
        self.fields["address"].label = "Имя бота"
        self.fields["address"].help_text = "Как его находят люди: @…"
        self.fields["api"].initial = self.instance.settings.get("api", MESSENGER)
        rest = ["rule", "appeal_kind", "topic", "greeting"]
        self.order_fields(["title", "slug", "organisation", "address", "token", "api", *rest, "is_active"])

    def clean_address(self) -> str:
        return "@" + str(self.cleaned_data["address"]).strip().lstrip("@")

    def clean_token(self) -> str:
        token = str(self.cleaned_data["token"]).strip()
        if token and not _TOKEN.fullmatch(token):
            raise forms.ValidationError("Это не токен бота: он выглядит как «номер:буквы и цифры».")
        return token

    def clean_api(self) -> str:
        return safe_address(str(self.cleaned_data["api"]))

    @property
    def reached(self) -> dict[str, Any]:
        return {"api": self.cleaned_data["api"]}


def safe_address(text: str) -> str:
    """Return the address of a server. Raises ValidationError: a secret goes over TLS, or stays on this machine."""
    address = text.strip().rstrip("/")
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        host, parts = "", urlsplit("")
    is_here = parts.scheme == "http" and host in {"127.0.0.1", "localhost"}
    if not host or parts.username or parts.query or parts.fragment or not (parts.scheme == "https" or is_here):
        raise forms.ValidationError("Укажите адрес, который начинается с https://.")
    return address


FORMS: dict[str, type[DoorForm]] = {Kind.MAIL: MailboxForm, Kind.TELEGRAM: BotForm}
