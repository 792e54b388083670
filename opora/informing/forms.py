"""Small forms of campaigns, of lists and of the call list; a draft of a campaign has ``drafting``."""

from __future__ import annotations

from collections.abc import Container
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone

from opora.appeals.moments import MomentNotUnderstood, parse_moment
from opora.informing.words import Outcome, Reason
from opora.shared.phones import parse as parse_phone

OUTCOME_KEYS = {
    Outcome.PROMISED: "1",
    Outcome.PASSED: "2",
    Outcome.ANSWERED: "3",
    Outcome.UNDECIDED: "4",
    Outcome.REFUSED: "5",
    Outcome.REFUSED_TALK: "6",
    Outcome.CALL_LATER: "7",
    Outcome.NO_ANSWER: "8",
    Outcome.BUSY: "9",
    Outcome.WRONG_NUMBER: "0",
    Outcome.FOREIGN_PERSON: "Minus",
}
REASONS_ASKED = list(Reason)
REASON_KEYS = "ABCDEFHIJKLMOPRSTUVWXY"  # without G, Q, N, Z: they are keys of the page and of the rail


YEARS = range(2020, 2101)


def number(text: str, among: Container[int] = range(2**63)) -> int | None:
    """Return the number somebody wrote into an address or a form; None — it is none, or not one of those.

    >>> number("17"), number("²"), number("9" * 5000), number("-1")
    (17, None, None, None)
    """
    found = int(text) if len(text) < 20 and text.isdecimal() else None
    return found if found is not None and found in among else None


class WhyForm(forms.Form):
    """A reason in words; ``fault`` is what to say when it is not one."""

    why = forms.CharField(label="Почему", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))

    @property
    def fault(self) -> str:
        return " ".join(str(fault) for fault in self.errors.get("why", []))


class StopForm(WhyForm):
    """Why a campaign ends for good."""

    why = forms.CharField(
        label="Почему",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Напишите, почему кампания остановлена."},
    )


class DismissForm(WhyForm):
    """Why a line of a list concerns nobody here."""

    why = forms.CharField(
        label="Почему отклоняем",
        max_length=300,
        initial="Такого человека в регистре нет",
        error_messages={"required": "Напишите, почему строка не подходит."},
    )


class CallForm(forms.Form):
    """How a call of the call list ended. Times are by the clock of the person, ``zone``."""

    all_optional = True

    touch = forms.IntegerField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(
        label="Чем кончился звонок",
        choices=[(one, one.label) for one in OUTCOME_KEYS],
        error_messages={"required": "Выберите, чем кончился звонок."},
    )
    reason = forms.ChoiceField(label="Почему", choices=Reason.choices, required=False)
    again_at = forms.CharField(
        label="Когда перезвонить",
        required=False,
        max_length=40,
        help_text="По часам человека: «завтра 10:00», «через час», «16.03 15:00».",
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    note = forms.CharField(
        label="Примечание", required=False, max_length=300, widget=forms.TextInput({"autocomplete": "off"})
    )

    phone = forms.CharField(
        label="Новый телефон",
        required=False,
        max_length=40,
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "tel", "data-key": ","}),
    )

    def clean_phone(self) -> str:
        text = self.cleaned_data["phone"].strip()
        if text and parse_phone(text) is None:
            raise forms.ValidationError("Напишите номер с кодом города или мобильного: десять цифр.", code="invalid")
        return text

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._zone = ZoneInfo(zone)

    def clean_again_at(self) -> datetime | None:
        text = self.cleaned_data["again_at"]
        if not text or self.data.get("outcome") != Outcome.CALL_LATER:
            return None
        try:
            return parse_moment(text, now=timezone.now().astimezone(self._zone))
        except MomentNotUnderstood as fault:
            raise forms.ValidationError(str(fault), code="invalid") from fault

    @property
    def outcomes(self) -> list[tuple[str, str, str, bool]]:
        """Key, value, words, chosen."""
        chosen = self["outcome"].value()
        return [(key, str(one), one.label, one == chosen) for one, key in OUTCOME_KEYS.items()]

    @property
    def reasons(self) -> list[tuple[str, str, str, bool]]:
        chosen = self["reason"].value()
        return [(key, str(one), one.label, one == chosen) for key, one in zip(REASON_KEYS, REASONS_ASKED, strict=True)]
