"""What the mailroom types."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from opora.mailroom.models import Incoming, Outgoing
from opora.mailroom.services.registering import MOST_SHEETS, NewLetter
from opora.mailroom.words import Category, Way
from opora.shared.acts import ActForm
from opora.shared.forms import RuDateField, Segments


def _line(label: str, most: int, **more: Any) -> forms.CharField:
    widget = forms.TextInput({"autocomplete": "off", **more.pop("attrs", {})})
    return forms.CharField(label=label, max_length=most, required=more.pop("required", False), widget=widget, **more)


class LetterForm(ActForm):
    """A letter in the order in which its envelope is read; «Enter» on what is known already costs nothing."""

    sender = _line("От кого", 300, required=True, help_text="Фамилия, имя, отчество или организация.")
    way = forms.ChoiceField(label="Как пришло", choices=Way.choices, initial=Way.POST, widget=Segments)
    sheets = forms.IntegerField(label="Листов", min_value=1, max_value=MOST_SHEETS, initial=1)
    about = _line("О чём", 500)
    outside_number = _line("Номер отправителя", 60, help_text="Если на письме он есть.")
    outside_on = RuDateField(label="Дата отправителя", required=False)
    came_on = RuDateField(label="Когда пришло", initial=timezone.localdate)
    sender_address = _line("Обратный адрес", 500, help_text="С индексом, если понадобится ответ письмом.")
    track = _line("Трек-номер", 20, attrs={"inputmode": "text", "class": "num"})
    again = forms.BooleanField(label="Это другое письмо, зарегистрировать", required=False, widget=forms.HiddenInput)

    @property
    def letter(self) -> NewLetter:
        return NewLetter(**{name: value for name, value in self.cleaned_data.items() if name != "again"})

    def ask_again(self) -> None:
        """Show the tick that says a second letter is another one."""
        self.fields["again"].widget = forms.CheckboxInput()

    @staticmethod
    def initial_of(letter: Incoming) -> dict[str, Any]:
        names = [name for name in LetterForm.base_fields if name != "again"]
        return {name: getattr(letter, name) for name in names}


class LinkForm(ActForm):
    number = _line("Номер обращения", 40, required=True, attrs={"class": "num"})


class WhyForm(ActForm):
    why = forms.CharField(label="Почему", max_length=300, widget=forms.Textarea({"rows": 2}))


class AddressForm(ActForm):
    """To whom and where."""

    addressee = _line("Кому", 300, required=True, help_text="Как пишут на конверте: «Соловьёвой Полине Андреевне».")
    address = _line("Куда", 500, required=True, help_text="Начните с индекса: он встанет в рамку на конверте.")
    number = _line("Исходящий номер", 50)

    @staticmethod
    def initial_of(letter: Outgoing) -> dict[str, Any]:
        return {name: getattr(letter, name) for name in ("addressee", "address", "number")}


class TrackForm(ActForm):
    track = _line("Трек-номер", 20, required=True, attrs={"class": "num"})


class DayForm(ActForm):
    on = RuDateField(label="Когда", initial=timezone.localdate)


class ReturnedForm(ActForm):
    why = _line("Почему вернулось", 300, required=True, attrs={"list": "why-returned"})
    on = RuDateField(label="Когда", initial=timezone.localdate)


class TracksForm(ActForm):
    """Track numbers as they are copied from the post's own list."""

    text = forms.CharField(
        label="Трек-номера",
        max_length=50_000,
        widget=forms.Textarea({"rows": 6, "class": "num"}),
        help_text="По одному в строке, в порядке списка. Или «исходящий номер, пробел, трек-номер».",
    )


class ListForm(forms.Form):
    category = forms.ChoiceField(choices=Category.choices, initial=Category.REGISTERED)
