"""What a person types about a line."""

from __future__ import annotations

from typing import Any

from django import forms

from opora.organisations.models import HotLine
from opora.telephony.models import Line


class LineForm(forms.ModelForm):
    class Meta:
        model = Line
        fields = ["title", "pbx", "number", "hot_line", "level", "is_round_the_clock"]
        help_texts = {
            "pbx": "Как её зовут настройки программы, например main.",
            "number": "Номер или очередь, как их пишет АТС.",
            "level": "На линию второго уровня операторы переводят звонки. Она должна быть в контексте colleagues АТС.",
            "is_round_the_clock": "Иначе операторы отвечают в часы работы организации, а после них — секретарь.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hot_line: Any = self.fields["hot_line"]
        hot_line.queryset = HotLine.objects.filter(organisation=self.instance.organisation_id)
