"""What a person types about a line and its hours."""

from __future__ import annotations

from typing import Any

from django import forms

from opora.organisations.hours import Day, parse_day
from opora.organisations.models import HotLine
from opora.shared.forms import RuDateField
from opora.telephony.models import Line


class LineForm(forms.ModelForm):
    class Meta:
        model = Line
        fields = ["title", "pbx", "number", "hot_line", "level", "is_round_the_clock"]
        help_texts = {
            "pbx": "Как её зовут настройки программы, например main.",
            "number": "Номер или очередь, как их пишет АТС.",
            "level": "На линию второго уровня операторы переводят звонки. Она должна быть в контексте colleagues АТС.",
            "is_round_the_clock": "Иначе операторы отвечают в часы линии или организации, а после них — секретарь.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hot_line: Any = self.fields["hot_line"]
        hot_line.queryset = HotLine.objects.filter(organisation=self.instance.organisation_id)


class LineDayForm(forms.Form):
    """Hours of one day; ``hours`` are typed as people say them and cleaned to ``organisations.hours.Day``."""

    day = RuDateField(label="День")
    hours = forms.CharField(label="Часы", max_length=200, help_text="«9–15», «круглосуточно», «выходной».")
    why = forms.CharField(label="Почему", max_length=200, required=False, help_text="Например, предпраздничный день.")

    def clean_hours(self) -> Day:
        try:
            return parse_day(self.cleaned_data["hours"])
        except ValueError as fault:
            raise forms.ValidationError(str(fault)) from fault
