"""What pages of the room ask."""

from __future__ import annotations

from typing import Any

from django import forms

from opora.appeals.models import Appeal
from opora.insured import reach
from opora.insured.models import Contact, Person
from opora.organisations.models import Employee
from opora.policies import addresses, rules
from opora.policies.models import Courier, Delivery
from opora.policies.packs import DeliveryPack
from opora.policies.rules import Window, WindowNotUnderstood
from opora.policies.services import Address
from opora.policies.words import Source
from opora.shared.forms import PhoneField, RuDateField

WEEKDAYS = [(0, "пн"), (1, "вт"), (2, "ср"), (3, "чт"), (4, "пт"), (5, "сб"), (6, "вс")]


class WindowsField(forms.CharField):
    """When somebody is at home: «10–13, 17:30–20»; the cleaned value is pairs of minutes."""

    def __init__(self, **kwargs: Any) -> None:
        hint = "Например: 10–13, 17:30–20. Пусто — в любое время."
        super().__init__(**{"label": "Когда дома", "max_length": 100, "required": False, "help_text": hint, **kwargs})

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return rules.parse_windows(text)
        except WindowNotUnderstood as fault:
            raise forms.ValidationError(fault.sentence) from fault


class PlaceForm(forms.Form):
    """An address, when somebody is in, and who answers the phone."""

    settlement = forms.CharField(label="Населённый пункт", max_length=120)
    street = forms.CharField(label="Улица", max_length=160, required=False)
    house = forms.CharField(label="Дом", max_length=30)
    flat = forms.CharField(label="Квартира", max_length=20, required=False)
    windows = WindowsField()
    phone = PhoneField(label="Телефон для курьера", max_length=40)
    note = forms.CharField(
        label="Курьеру", max_length=300, required=False, help_text="Домофон, этаж, кто откроет. Без диагнозов."
    )
    lat = forms.FloatField(
        label="Широта", min_value=-90, max_value=90, required=False, help_text="Если знаете. Пусто — найдём по списку."
    )
    lon = forms.FloatField(label="Долгота", min_value=-180, max_value=180, required=False)

    def clean_house(self) -> str:
        house: str = self.cleaned_data["house"]
        if not any(sign.isdigit() for sign in house):
            raise forms.ValidationError("Номера дома нет: курьер не найдёт дверь. Напишите, например: 12А.")
        return house

    @property
    def place(self) -> dict[str, Any]:
        """What a service takes of this form."""
        data = self.cleaned_data
        windows: list[Window] = data["windows"]
        address = Address(
            data["settlement"], data["street"], data["house"], data["flat"], data.get("lat"), data.get("lon")
        )
        return {"address": address, "windows": windows, "phone": data["phone"], "note": data["note"]}


class AskForm(PlaceForm):
    """A new request."""

    category = forms.ChoiceField(label="Категория")
    category_proof = forms.CharField(
        label="Чем подтверждена",
        max_length=300,
        required=False,
        help_text="Нужно, если категории нет в карточке: документ, номер, дата.",
    )
    source = forms.ChoiceField(label="Откуда заявка", choices=Source.choices, initial=Source.PHONE)
    appeal = forms.CharField(label="Номер обращения", max_length=40, required=False)
    not_before = RuDateField(label="Не раньше", required=False)
    field_order = ["category", "category_proof", "settlement", "street", "house", "flat", "windows", "phone", "note"]

    def __init__(self, *args: Any, person: Person, pack: DeliveryPack, fits: set[str], by: Employee, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.by = by
        marked = [
            (one.code, f"{one.title} — есть в карточке" if one.code in fits else one.title) for one in pack.categories
        ]
        choices: Any = self.fields["category"]
        choices.choices = sorted(marked, key=lambda one: one[0] not in fits)
        self.fields["category"].widget.attrs["autofocus"] = True
        contacts = list(person.contacts.all())
        phone, address = reach.best(contacts), reach.best(contacts, Contact.Kind.ADDRESS)
        parts = addresses.parse(address.value) if address else addresses.Parts()
        for name in ("settlement", "street", "house", "flat"):
            self.initial.setdefault(name, getattr(parts, name))
        if phone is not None and phone.normalised:
            self.initial.setdefault("phone", f"+{phone.normalised}")

    def clean_appeal(self) -> Appeal | None:
        number = self.cleaned_data["appeal"].strip()
        if not number:
            return None
        found = Appeal.objects.accessible_to(self.by).filter(number=number).first() if "\x00" not in number else None
        if found is None:
            raise forms.ValidationError("Обращения с таким номером нет.")
        return found

    @property
    def arguments(self) -> dict[str, Any]:
        names = ("category", "category_proof", "source", "appeal", "not_before")
        return self.place | {name: self.cleaned_data[name] for name in names}


class ChangeForm(PlaceForm):
    """The place and hours of a request that is open."""

    @staticmethod
    def initial_of(row: Delivery) -> dict[str, Any]:
        names = ("settlement", "street", "house", "flat", "lat", "lon", "note", "phone")
        shown = rules.show_windows([(opens, closes) for opens, closes in row.windows])
        return {name: getattr(row, name) for name in names} | {"windows": shown}

    def __init__(self, *args: Any, row: Delivery, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": self.initial_of(row), **kwargs})
        self.row = row

    @property
    def arguments(self) -> dict[str, Any]:
        """A new house is looked up anew unless its place was typed too."""
        found = self.place
        moved = set(self.changed_data) & {"settlement", "street", "house"}
        if moved and not set(self.changed_data) & {"lat", "lon"}:
            old: Address = found["address"]
            found["address"] = Address(old.settlement, old.street, old.house, old.flat)
        return found


class PutOffForm(forms.Form):
    until = RuDateField(label="Не раньше")
    why = forms.CharField(label="Почему", max_length=500, required=False)

    def __init__(self, *args: Any, row: Delivery, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)

    @property
    def arguments(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class WhyForm(PutOffForm):
    until = None  # type: ignore[assignment]
    why = forms.CharField(label="Почему", max_length=500, widget=forms.Textarea({"rows": 3}))


class WithdrawForm(PutOffForm):
    until = None  # type: ignore[assignment]


class ClockField(forms.CharField):
    """A clock of the day as «9:00»; the cleaned value is minutes."""

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value)).replace(".", ":")
        hours, _, minutes = text.partition(":")
        if not (hours.isascii() and hours.isdigit() and (minutes or "0").isascii() and (minutes or "0").isdigit()):
            raise forms.ValidationError("Напишите время, например 9:00.")
        found = int(hours) * 60 + int(minutes or 0)
        if len(text) > 5 or int(minutes or 0) > 59 or found > 1440:
            raise forms.ValidationError("Напишите время от 0:00 до 24:00.")
        return found


class CourierForm(forms.Form):
    since = ClockField(label="Работает с", max_length=5)
    until = ClockField(label="Работает до", max_length=5)
    weekdays = forms.TypedMultipleChoiceField(
        label="Дни недели", choices=WEEKDAYS, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    base = forms.CharField(label="Откуда выезжает", max_length=300, required=False)
    lat = forms.FloatField(label="Широта", min_value=-90, max_value=90, required=False)
    lon = forms.FloatField(label="Долгота", min_value=-180, max_value=180, required=False)
    most = forms.IntegerField(label="Визитов в день, не больше", min_value=1, max_value=100, required=False)
    is_active = forms.BooleanField(label="Выходит на маршруты", required=False, initial=True)

    @staticmethod
    def initial_of(row: Courier) -> dict[str, Any]:
        days = [number for number, _ in WEEKDAYS if row.weekdays >> number & 1]
        clocks = {"since": rules.show_clock(row.since), "until": rules.show_clock(row.until)}
        return (
            {name: getattr(row, name) for name in ("base", "lat", "lon", "most", "is_active")}
            | clocks
            | {"weekdays": days}
        )

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or {}
        if (data.get("lat") is None) != (data.get("lon") is None):
            self.add_error("lon", "Широту и долготу указывают вместе, или не указывают совсем.")
        return data

    @property
    def arguments(self) -> dict[str, Any]:
        return self.cleaned_data | {"weekdays": sum(1 << day for day in self.cleaned_data["weekdays"])}


class ScheduleForm(forms.Form):
    is_on = forms.BooleanField(label="Составлять маршруты на завтра самой программе", required=False)
    hour = forms.IntegerField(label="В котором часу", min_value=0, max_value=23, initial=17)
    announces = forms.BooleanField(label="Сразу сообщать людям", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)

    @property
    def arguments(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class FindForm(forms.Form):
    who = forms.CharField(
        label="Кому доставить",
        max_length=120,
        help_text="ФИО и дата рождения, ЕНП, СНИЛС или телефон.",
        widget=forms.TextInput({"autofocus": True, "autocomplete": "off"}),
    )


class PointsForm(forms.Form):
    file = forms.FileField(
        label="Файл с точками", help_text="CSV или XLSX: населённый пункт, улица, дом, широта, долгота. Без людей."
    )
