"""The card of an outside program."""

import re
from typing import Any

from django import forms

from opora.organisations.models import Employee, Organisation
from opora.partners.models import MAY_BE_GIVEN, ApiPartner, check_network


class NetworksField(forms.CharField):
    """Networks by commas, blanks or lines; the cleaned value is a list."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(super().has_changed(self.prepare_value(initial), data))

    def clean(self, value: Any) -> list[str]:
        networks = re.split(r"[,;\s]+", str(super().clean(value)))
        found = [network for network in networks if network]
        for network in found:
            check_network(network)
        return found


class PartnerForm(forms.ModelForm):
    rights = forms.MultipleChoiceField(
        label="Что может",
        choices=[(str(right), right.label) for right in MAY_BE_GIVEN],
        widget=forms.CheckboxSelectMultiple,
    )

    networks = NetworksField(
        label="Откуда",
        required=False,
        max_length=500,
        help_text="Сети через запятую, например 10.20.0.0/16. Пусто — отовсюду.",
    )

    class Meta:
        model = ApiPartner
        fields = ["name", "organisation", "rights", "purpose", "networks", "per_minute", "is_active"]

    def __init__(self, *args: Any, manager: Employee, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        organisation: Any = self.fields["organisation"]
        organisation.queryset = Organisation.objects.manageable_by(manager).filter(closed_on=None)
        self.fields["name"].widget.attrs["autofocus"] = True
