"""What an administrator says of a mailbox."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Q

from opora.channels.models import Provider
from opora.channels.words import Channel as Carried
from opora.classifiers.words import Kind as AppealKind
from opora.doors.models import Door
from opora.doors.words import Rule
from opora.organisations.models import Employee, Organisation

KEPT = "Задан. Чтобы заменить, введите новый."
PLAIN = ["title", "slug", "organisation", "address", "provider", "rule", "appeal_kind", "topic", "greeting"]
OF_BOX = {"host": "", "port": 993, "tls": True, "login": "", "folder": "INBOX", "plus": False}


class MailboxForm(forms.ModelForm):
    """A door that is a mailbox: who reads it, by what rule, and how it is reached."""

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

    class Meta:
        model = Door
        fields = [*PLAIN, "is_active"]

    def __init__(self, *args: Any, manager: Employee, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hers = Organisation.objects.manageable_by(manager).filter(closed_on=None)
        organisation: Any = self.fields["organisation"]
        organisation.queryset = hers
        provider: Any = self.fields["provider"]
        provider.queryset = Provider.objects.accessible_to(manager).active().filter(channel=Carried.EMAIL)
        provider.help_text = "Через него уходят ответы. Без него двери отвечать нечем."
        self.fields["address"].required = True
        self.fields["address"].validators.append(forms.EmailField.default_validators[0])
        self.fields["title"].widget.attrs["autofocus"] = True
        self.fields["appeal_kind"] = forms.ChoiceField(
            label="Вид обращения", choices=[("", "—"), *AppealKind.choices], required=False
        )
        self.fields["greeting"].widget.attrs["rows"] = 5
        for name, otherwise in OF_BOX.items():
            self.fields[name].initial = self.instance.settings.get(name, otherwise)
        if self.instance.secrets:
            self.fields["password"].help_text = KEPT
        else:
            self.fields["password"].required = True
        self.order_fields(["title", "slug", "organisation", "address", *OF_BOX, "password", *PLAIN[4:], "is_active"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("rule") == Rule.APPEAL and not (data.get("topic") and data.get("appeal_kind")):
            self.add_error("topic", "Чтобы регистрировать сразу, укажите тему и вид обращения.")
        same = Q(kind=self.instance.kind, address__iexact=data.get("address", ""), is_active=True)
        if data.get("is_active") and Door.objects.filter(same).exclude(pk=self.instance.pk).exists():
            self.add_error("address", "Этот ящик уже открыт: одно письмо не должно прийти дважды.")
        return data

    def kept(self) -> Door:
        """Return the door with its settings and password, not saved."""
        row: Door = self.save(commit=False)
        row.settings = {**row.settings, **{name: self.cleaned_data[name] for name in OF_BOX}}
        if self.cleaned_data["password"]:
            row.keep_secrets({"password": self.cleaned_data["password"]})
        return row

    @property
    def told(self) -> Mapping[str, Any]:
        """What the log is told: names of what changed, never a value."""
        return {"changed": sorted(self.changed_data)}
