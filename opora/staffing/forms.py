"""What a line promises, as a form."""

from __future__ import annotations

from django import forms

from opora.staffing.models import Line


class LineForm(forms.ModelForm):
    class Meta:
        model = Line
        fields = ("title", "level", "within", "talk_seconds", "wrap_seconds", "patience", "shrinkage", "is_pooled")
