"""Forms of publishing and of schedules."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from opora.access.rights import Right
from opora.organisations.models import Assignment, Employee
from opora.reports.asking import fits
from opora.reports.definitions import in_force
from opora.reports.models import Schedule
from opora.reports.periods import Period
from opora.reports.subjects import subject, subjects
from opora.reports.writers import TITLES
from opora.shared.errors import DomainError

HINT = (
    "Одно-два обращения по редкому признаку могут указать на человека. Такие числа заменит «<N» — на странице "
    "и в копиях; если скрыто хоть одно, не публикуется и текст анализа: в нём те же числа. 0 — показать всё."
)
WHO = "Сотрудники с рабочей почтой, которым можно видеть отчёты. Каждый получит то, что видит сам."
SHAPES = {Schedule.Of.MONTH: "2024-01", Schedule.Of.QUARTER: "2024-Q1", Schedule.Of.YEAR: "2024"}


class PublishForm(forms.Form):
    least = forms.IntegerField(
        label="Скрыть числа меньше", min_value=0, max_value=100, initial=0, required=True, help_text=HINT
    )

    def clean_least(self) -> int:
        least = int(self.cleaned_data["least"])
        return 0 if least == 1 else least


class WithdrawForm(forms.Form):
    why = forms.CharField(label="Почему отозван", max_length=300)


class ScheduleForm(forms.ModelForm):
    """Recipients are employees with a mail of their own who may see reports."""

    report = forms.ChoiceField(label="Отчёт")
    subject = forms.ChoiceField(label="Чей")
    form = forms.ChoiceField(label="Вид файла", choices=list(TITLES.items()), initial="xlsx")
    recipients = forms.ModelMultipleChoiceField(
        label="Кому", queryset=Employee.objects.none(), widget=forms.CheckboxSelectMultiple, help_text=WHO
    )

    class Meta:
        model = Schedule
        fields = ["report", "subject", "of", "day", "form", "recipients", "is_active"]

    def __init__(self, *args: Any, employee: Employee, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.employee = employee
        fields: Any = self.fields
        packs = in_force(timezone.localdate(), employee.scope.territory)
        fields["report"].choices = [(pack.name, pack.short) for pack in packs]
        fields["subject"].choices = [(one.code, one.name) for one in subjects(employee)]
        current = Assignment.objects.current().filter(role__rights__contains=[Right.REPORTS_VIEW])
        readers = Employee.objects.accessible_to(employee).filter(is_active=True, assignments__in=current)
        fields["recipients"].queryset = readers.exclude(email="").distinct()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if {"report", "subject", "of"} <= set(cleaned):
            packs = in_force(timezone.localdate(), self.employee.scope.territory)
            pack = next(one for one in packs if one.name == cleaned["report"])
            try:
                fits(pack, subject(cleaned["subject"], self.employee), Period.read(SHAPES[cleaned["of"]]))
            except DomainError as refusal:
                self.add_error(None, refusal.sentence)
        return cleaned

    def clean_recipients(self) -> list[int]:
        return [one.pk for one in self.cleaned_data["recipients"]]
