"""Forms of print runs."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone

from opora.informing.letters.envelopes import Envelope
from opora.informing.letters.services import MOST, Terms
from opora.informing.letters.words import ReturnedFor
from opora.informing.models import PrintRun
from opora.organisations.models import Employee, Organisation
from opora.shared.forms import RuDateField, Segments

REMEMBERED = ("most", "envelope", "is_duplex", "price", "sheet_grams", "envelope_grams")


class RunForm(forms.Form):
    """How the next run is printed; what the last one of her insurer was is offered again."""

    all_optional = True

    insurer = forms.ModelChoiceField(label="От кого", queryset=Organisation.objects.none())
    most = forms.IntegerField(
        label="Не больше писем", min_value=1, max_value=MOST, initial=MOST, help_text="Остальные подождут следующего."
    )
    envelope = forms.ChoiceField(label="Конверт с окном", choices=Envelope.choices, widget=Segments)
    is_duplex = forms.BooleanField(label="Печатать с двух сторон", required=False)
    price = forms.DecimalField(
        label="Цена письма, ₽", min_value=Decimal(0), max_digits=8, decimal_places=2, initial=Decimal(0),
        help_text="Печать, конверт и пересылка вместе.", localize=True,
    )  # fmt: skip
    sheet_grams = forms.DecimalField(
        label="Вес листа, г", min_value=Decimal(0), max_digits=4, decimal_places=1, initial=Decimal(5), localize=True
    )
    envelope_grams = forms.DecimalField(
        label="Вес конверта, г", min_value=Decimal(0), max_digits=4, decimal_places=1, initial=Decimal(5), localize=True
    )

    def __init__(self, *args: Any, employee: Employee, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        insurers: Any = self.fields["insurer"]
        found = Organisation.objects.manageable_by(employee).filter(closed_on=None, kind=Organisation.Kind.INSURER)
        insurers.queryset = found
        insurers.initial = found.first() if found.count() == 1 else None
        self.fields["envelope"].initial = Envelope.DL
        last = PrintRun.objects.accessible_to(employee).order_by("-pk").first()
        for name in REMEMBERED if last else ():
            self.fields[name].initial = getattr(last, name)

    @property
    def terms(self) -> Terms:
        return Terms(**{name: self.cleaned_data[name] for name in REMEMBERED})


class PostForm(forms.Form):
    """The pile is at the post."""

    all_optional = True

    on = RuDateField(label="Когда сдали")
    take_out = forms.BooleanField(label="Эти письма вынуты из пачки", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = timezone.localdate()


class CancelForm(forms.Form):
    why = forms.CharField(label="Почему отменяем", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class ReturnForm(forms.Form):
    """One letter that came back. A single digit instead of a number chooses the reason for those that follow."""

    all_optional = True

    number = forms.CharField(
        label="Номер письма",
        max_length=40,
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "autofocus": True, "inputmode": "numeric"}),
    )
    reason = forms.ChoiceField(
        label="Почему вернулось", choices=ReturnedFor.choices, initial=ReturnedFor.NO_ADDRESSEE, required=False
    )

    @property
    def key(self) -> ReturnedFor | None:
        """The reason a single digit stands for."""
        typed = (self.data.get("number") or "").strip()
        reasons = list(ReturnedFor)
        if len(typed) == 1 and typed in "123456789" and int(typed) <= len(reasons):
            return reasons[int(typed) - 1]
        return None

    @property
    def chosen(self) -> ReturnedFor:
        given = self.data.get("reason", "") if self.is_bound else ""
        return self.key or (ReturnedFor(given) if given in ReturnedFor.values else ReturnedFor.NO_ADDRESSEE)

    @property
    def reasons(self) -> list[tuple[int, str, str, bool]]:
        """Key, value, words, chosen."""
        return [(n, str(one), str(one.label), one == self.chosen) for n, one in enumerate(ReturnedFor, start=1)]
