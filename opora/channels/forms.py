"""The card of a provider: fields of every provider, and those of his protocol from ``schemas``."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.validators import MinValueValidator

from opora.channels import schemas, sealing
from opora.channels.errors import SecretUnreadable
from opora.channels.models import Provider
from opora.channels.schemas import Form, Setting
from opora.channels.words import CARRIES, Kind
from opora.organisations.models import Employee, Organisation

COMMON = ["title", "slug", "organisation", "channel", "sender", "share", "per_second", "window", "segment_price"]
KEPT = "Задан. Чтобы заменить, введите новый."
ELSEWHERE = "Сервер другой. Введите заново: то, что задано, туда не отправим."


class ProviderForm(forms.ModelForm):
    """``kind`` is chosen before: it decides which settings there are."""

    class Meta:
        model = Provider
        fields = [*COMMON, "is_active"]

    def __init__(self, *args: Any, kind: str, manager: Employee, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.kind = kind
        organisation: Any = self.fields["organisation"]
        organisation.queryset = Organisation.objects.manageable_by(manager).filter(closed_on=None)
        channel: Any = self.fields["channel"]
        channel.choices = [(one.value, one.label) for one in CARRIES[kind]]
        self.fields["title"].widget.attrs["autofocus"] = True
        for name in ("per_second", "window"):
            self.fields[name].validators.append(MinValueValidator(1))
        self.fields["segment_price"].validators.append(MinValueValidator(0))
        kept = schemas.complete(kind, self.instance.settings)
        for one in schemas.SCHEMAS[kind]:
            is_secret = one.form == Form.SECRET
            help_text = KEPT if is_secret and self.instance.secrets else one.help
            self.fields[f"set_{one.name}"] = _field(one, None if is_secret else kept[one.name], help_text)
        self.order_fields([*COMMON, *[name for name in self.fields if name.startswith("set_")], "is_active"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        kind = self.instance.kind
        former = schemas.complete(kind, self.instance.settings)
        self.instance.settings = {
            one.name: _whole(cleaned[f"set_{one.name}"])
            for one in schemas.plain_settings(kind)
            if cleaned.get(f"set_{one.name}") is not None
        }
        for name, fault in schemas.faults(kind, self.instance.settings).items():
            if not self.has_error(f"set_{name}"):
                self.add_error(f"set_{name}", fault)
        for one in schemas.secret_settings(kind) if self.instance.secrets else ():
            is_typed = bool(cleaned.get(f"set_{one.name}"))
            if not is_typed and schemas.is_elsewhere(one, former, self.instance.settings) and self._keeps(one.name):
                self.add_error(f"set_{one.name}", ELSEWHERE)
        return cleaned

    def _keeps(self, secret: str) -> bool:
        try:
            return bool(sealing.unseal(self.instance.secrets).get(secret))
        except SecretUnreadable:
            return False

    def _post_clean(self) -> None:
        """The model says of settings what the fields have said already."""
        super()._post_clean()  # type: ignore[misc]
        if any(name.startswith("set_") for name in self.errors):
            self.errors.pop("__all__", None)

    @property
    def secrets(self) -> Mapping[str, str]:
        """The passwords that were entered; empty ones leave what is kept."""
        names = [one.name for one in schemas.secret_settings(self.instance.kind)]
        return {name: value for name in names if (value := self.cleaned_data.get(f"set_{name}"))}

    @property
    def changed_names(self) -> list[str]:
        return [name.removeprefix("set_") for name in self.changed_data]


class KindForm(forms.Form):
    """Which protocol the new provider speaks."""

    kind = forms.ChoiceField(label="Протокол", choices=Kind.choices, widget=forms.RadioSelect, initial=Kind.SMPP)


class TrialForm(forms.Form):
    """One message, to see that it arrives."""

    to = forms.CharField(label="Кому", max_length=254, help_text="Номер 79130000001, адрес почты или СНИЛС.")
    text = forms.CharField(
        label="Текст", max_length=700, initial="Проверка связи. Отвечать не нужно.", widget=forms.Textarea({"rows": 3})
    )

    def clean_to(self) -> str:
        to = str(self.cleaned_data["to"]).strip()
        digits = "".join(sign for sign in to if sign.isdecimal())
        return digits if "@" not in to and digits else to


def _field(one: Setting, initial: Any, help_text: str) -> forms.Field:
    common: dict[str, Any] = {"label": one.label, "help_text": help_text, "required": one.is_needed, "initial": initial}
    if one.form == Form.FLAG:
        return forms.BooleanField(**common | {"required": False})
    if one.form == Form.CHOICE:
        return forms.ChoiceField(choices=one.choices, **common)
    if one.form == Form.NUMBER:
        number = forms.FloatField(min_value=one.least, max_value=one.most, **common)
        number.widget.attrs["step"] = "any"
        return number
    if one.form == Form.TEXT:
        return forms.CharField(max_length=4000, widget=forms.Textarea({"rows": 4}), strip=False, **common)
    if one.form == Form.SECRET:
        return forms.CharField(
            max_length=500, widget=forms.PasswordInput({"autocomplete": "new-password"}), **common | {"required": False}
        )
    return forms.CharField(max_length=500, **common)


def _whole(value: Any) -> Any:
    """Return 2775 for 2775.0: a port is shown as it was typed."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
