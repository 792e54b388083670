"""What the pages of suits of recourse ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from opora.complaints.models import Recourse
from opora.complaints.services.recourse import FIELDS
from opora.complaints.words import RecourseOutcome
from opora.insured.models import Person
from opora.organisations.models import Organisation
from opora.shared import enp as numbers
from opora.shared.conflict import Watched
from opora.shared.forms import MoneyField, RuDateField

if TYPE_CHECKING:
    from opora.organisations.models import Employee

STRANGER = "Застрахованного с таким ЕНП у вашей организации нет. Проверьте цифры или оставьте поле пустым."


class SumsForm(forms.Form):
    """Roubles by what they are for, as form ПГ asks; at least one of the sums."""

    care = MoneyField(label="За медицинскую помощь, ₽", required=False)
    expertise = MoneyField(label="За экспертизу, ₽", required=False)
    costs = MoneyField(label="Издержки, ₽", required=False)


class RecourseForm(SumsForm):
    filed_on = RuDateField(label="Когда подан иск")
    court = forms.CharField(label="Суд", max_length=200)
    number = forms.CharField(label="Номер дела", max_length=60, required=False)
    provider = forms.ModelChoiceField(
        label="Где лечили", queryset=Organisation.objects.none(), required=False, empty_label="не указано"
    )
    care_note = forms.CharField(
        label="Какую помощь оплатили",
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text="Скорая, стационар, другие клиники. Без имён и диагнозов.",
    )
    enp = forms.CharField(
        label="ЕНП того, кому оказали помощь", max_length=40, required=False, help_text="16 цифр, пробелы не важны."
    )
    field_order = ("filed_on", "court", "number", *("care", "expertise", "costs"), "provider", "care_note", "enp")

    def __init__(self, data: Any = None, *, employee: Employee, territory: str, row: Recourse | None = None) -> None:
        self.employee, self.row = employee, row
        self.known = _person(employee, row)
        super().__init__(data, initial=self._written(row))
        clinics: Any = self.fields["provider"]
        clinics.queryset = Organisation.objects.providers().filter(territory=territory)

    def _written(self, row: Recourse | None) -> dict[str, Any]:
        if row is None:
            return {}
        written = {name: getattr(row, name) or None for name in FIELDS}
        return {**written, "enp": self.known.enp if self.known else ""}

    def clean_enp(self) -> Any:
        """The person, by the number: only one whom she may see."""
        text = self.cleaned_data["enp"].strip()
        if not text:
            return None
        found = Person.objects.accessible_to(self.employee).filter(enp=_digits(text)).first()
        if found is None:
            raise forms.ValidationError(STRANGER)
        return found

    @property
    def arguments(self) -> dict[str, Any]:
        """What services take. A person whom she does not see any more stays where the number was left empty."""
        given = {name: self.cleaned_data[name] for name in FIELDS}
        person = self.cleaned_data["enp"]
        unseen = self.row.person_id if self.row is not None and self.known is None else None
        return {**given, "person_id": person.pk if person else unseen}


class RecourseCorrectForm(Watched, RecourseForm):
    why = forms.CharField(label="Что было неверно", max_length=500, widget=forms.Textarea({"rows": 2}))


class OutcomeForm(Watched, forms.Form):
    outcome = forms.ChoiceField(label="Чем кончилось", choices=RecourseOutcome.choices, widget=forms.RadioSelect)
    decided_on = RuDateField(label="Когда решено")


class PaymentForm(SumsForm):
    on = RuDateField(label="Когда пришли деньги")
    field_order = ("on", "care", "expertise", "costs")


class WhyForm(forms.Form):
    why = forms.CharField(label="Почему", max_length=500, widget=forms.Textarea({"rows": 3}))


def _person(employee: Employee, row: Recourse | None) -> Person | None:
    if row is None or row.person_id is None:
        return None
    return Person.objects.accessible_to(employee).filter(pk=row.person_id).first()


def _digits(text: str) -> str:
    try:
        return numbers.normalise(text)
    except numbers.EnpNotUnderstood as fault:
        raise forms.ValidationError(str(fault)) from fault
