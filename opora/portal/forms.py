"""What citizens are asked. Labels above, errors beside; nothing here needs a script."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from opora.deadlines.waiting import Suspicion
from opora.shared import enp as numbers
from opora.shared.forms import RuDateField

OLDEST = 120
NO_SUSPICION = "none"
LONGEST_TEXT = 4000


class DayField(RuDateField):
    """A day typed as people write it; no calendar, which would need a script."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"widget": forms.TextInput({"autocomplete": "off"}), **kwargs})

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%d.%m.%Y}" if isinstance(value, date) else value


class BirthField(DayField):
    """A birth date: not ahead, and of somebody who may be alive."""

    def clean(self, value: Any) -> date | None:
        found: date | None = super().clean(value)
        if found and found > timezone.localdate():
            raise forms.ValidationError("Дата рождения не может быть в будущем.")
        if found and found.year < timezone.localdate().year - OLDEST:
            raise forms.ValidationError("Проверьте год рождения.")
        return found


class EnpField(forms.CharField):
    """ЕНП in any writing; the cleaned value is 16 digits."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput({"inputmode": "numeric", "autocomplete": "off"})
        super().__init__(**{"max_length": 40, "widget": widget, **kwargs})

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        try:
            found = numbers.normalise(text)
        except numbers.EnpNotUnderstood as fault:
            raise forms.ValidationError(f"{fault}.") from fault
        if not numbers.is_valid(found):
            raise forms.ValidationError("В номере опечатка: не сходится последняя цифра. Сверьте его с полисом.")
        return found


class CheckupsForm(forms.Form):
    """The year of birth is enough: the order counts the age reached in the calendar year."""

    year = forms.IntegerField(
        label="Год рождения", widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "bday-year"})
    )
    sex = forms.TypedChoiceField(
        label="Пол", choices=[(2, "женский"), (1, "мужской")], coerce=int, widget=forms.RadioSelect
    )

    def clean_year(self) -> int:
        year: int = self.cleaned_data["year"]
        this = timezone.localdate().year
        if not this - OLDEST <= year <= this:
            raise forms.ValidationError(f"Напишите год четырьмя цифрами, например {this - 40}.")
        return year


class WaitingForm(forms.Form):
    """A service and a day name nobody."""

    service = forms.ChoiceField(label="Что назначили")
    started_on = DayField(label="Когда дали направление или вы обратились", help_text="Например: 02.03.2026")
    suspicion = forms.ChoiceField(
        label="Врач подозревает",
        choices=[(NO_SUSPICION, "ничего из этого"), *((one.value, one.words) for one in Suspicion if one.value)],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, services: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["service"]
        choice.choices = services

    def clean_suspicion(self) -> Suspicion:
        chosen = self.cleaned_data["suspicion"]
        return Suspicion("" if chosen == NO_SUSPICION else chosen)


class PolicyForm(forms.Form):
    """Whose insured by the number of the policy."""

    enp = EnpField(label="Номер полиса (ЕНП)", help_text="16 цифр на полисе или в приложении Госуслуг.")


class NameForm(forms.Form):
    """… or by the name and the day of birth, the patronymic as it stands in the passport."""

    surname = forms.CharField(label="Фамилия", max_length=100)
    given_name = forms.CharField(label="Имя", max_length=100)
    patronymic = forms.CharField(label="Отчество", max_length=100, required=False)
    birth_on = BirthField(label="Дата рождения", help_text="Например: 14.03.1985")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("surname", "given_name", "patronymic"):
            self.fields[name].widget.attrs["autocomplete"] = "off"
