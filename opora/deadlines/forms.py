"""The waiting-limit calculator."""

from typing import Any

from django import forms

from opora.deadlines.waiting import Suspicion
from opora.shared.forms import RuDateField, Segments

NO_SUSPICION = "none"


class WaitingForm(forms.Form):
    """Service, day of referral, suspicion; the hour matters only for limits counted in hours."""

    service = forms.ChoiceField(label="Услуга")
    started_on = RuDateField(
        label="Когда обратился или получил направление", help_text="Можно так: 140326, 14.3.26, вчера"
    )
    started_at = forms.TimeField(
        label="Во сколько", required=False, help_text="Нужно для сроков в часах", widget=forms.TimeInput(format="%H:%M")
    )
    suspicion = forms.ChoiceField(
        label="Подозрение на болезнь",
        required=False,
        initial=NO_SUSPICION,
        choices=[(item.value or NO_SUSPICION, item.words) for item in Suspicion],
        widget=Segments,
    )

    def __init__(self, *args: Any, services: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["service"].choices = services  # type: ignore[attr-defined]

    def clean_suspicion(self) -> Suspicion:
        chosen = self.cleaned_data["suspicion"]
        return Suspicion.NONE if chosen in {"", NO_SUSPICION} else Suspicion(chosen)
