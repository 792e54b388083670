"""What is asked before a file is written."""

from __future__ import annotations

from typing import Any

from django import forms

from opora.audit.purposes import Purpose
from opora.reports.exports import OF_ROWS
from opora.reports.writers import TITLES

PERSONAL = (
    "В файле будет написано, кто и зачем его выгрузил. Имена — только там, где ваша организация вправе их видеть."
)


class ExportForm(forms.Form):
    """The kind of the file; for rows — with names or without, and why."""

    form = forms.ChoiceField(label="Вид файла", choices=list(TITLES.items()), initial="xlsx")
    is_personal = forms.BooleanField(label="С именами, полисами и телефонами", required=False, help_text=PERSONAL)
    purpose = forms.ChoiceField(label="Зачем нужны имена", choices=[("", "—"), *Purpose.choices], required=False)

    def __init__(self, *args: Any, is_rows: bool, is_people: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_rows:
            kinds: Any = self.fields["form"]
            kinds.choices = [(kind, title) for kind, title in TITLES.items() if kind in OF_ROWS]
            if is_people:
                self.fields["is_personal"].label = "С именами и полисами"
        else:
            del self.fields["is_personal"], self.fields["purpose"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("is_personal") and not cleaned.get("purpose"):
            self.add_error("purpose", "Скажите, зачем нужны имена.")
        return cleaned
