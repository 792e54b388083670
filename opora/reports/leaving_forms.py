"""Forms of publishing and of schedules."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from opora.access.rights import Right
from opora.organisations.models import Assignment, Employee
from opora.reports import narrowing
from opora.reports.asking import fits
from opora.reports.definitions import ReportPack, Where, in_force
from opora.reports.errors import NoSuchFilter
from opora.reports.models import Schedule
from opora.reports.periods import Period
from opora.reports.subjects import subject, subjects
from opora.reports.writers import TITLES
from opora.shared.errors import DomainError

HINT = (
    "Одно-два обращения по редкому признаку могут указать на человека. Вместо таких чисел будет «скрыто» — на странице "
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


BY = "by-"  # before the name of a filter: «form» is a column of facts and a field of ours


class ScheduleForm(forms.ModelForm):
    """Recipients are employees with a mail of their own who may see reports.

    The chosen report says by what it may be narrowed: its filters are fields of the form, ``by-channel``. Another
    report brings others, which the page asks for as soon as one is chosen.
    """

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
        self._packs = {pack.name: pack for pack in in_force(timezone.localdate(), employee.scope.territory)}
        fields["report"].choices = [(pack.name, pack.short) for pack in self._packs.values()]
        asks = {"hx-get": "", "hx-params": "report", "hx-target": "#schedule-filters"}
        fields["report"].widget.attrs |= asks | {"hx-select": "#schedule-filters", "hx-swap": "outerHTML"}
        fields["subject"].choices = [(one.code, one.name) for one in subjects(employee)]
        current = Assignment.objects.current().filter(role__rights__contains=[Right.REPORTS_VIEW])
        readers = Employee.objects.accessible_to(employee).filter(is_active=True, assignments__in=current)
        fields["recipients"].queryset = readers.exclude(email="").distinct()
        for one in self._offered():
            options = [("", f"{one.title[:1].upper()}{one.title[1:]}: все"), *one.options]
            fields[f"{BY}{one.name}"] = forms.ChoiceField(
                label=f"Отбор: {one.title}", choices=options, required=False, initial=one.chosen
            )

    @property
    def of_report(self) -> list[forms.BoundField]:
        """What is asked of the report itself, before its filters."""
        return [self[name] for name in ("report", "subject")]

    @property
    def of_filters(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(BY)]

    @property
    def of_sending(self) -> list[forms.BoundField]:
        return [self[name] for name in self.Meta.fields if name not in ("report", "subject")]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        pack = self._packs.get(cleaned.get("report", ""))
        if pack is None:
            return cleaned
        try:
            self.instance.filters = narrowing.texts(narrowing.read(pack, self._asked()))
            if {"subject", "of"} <= set(cleaned):
                fits(pack, subject(cleaned["subject"], self.employee), Period.read(SHAPES[cleaned["of"]]))
        except DomainError as refusal:
            self.add_error(None, refusal.sentence)
        return cleaned

    def clean_recipients(self) -> list[int]:
        return [one.pk for one in self.cleaned_data["recipients"]]

    def _offered(self) -> list[narrowing.Filter]:
        """The filters of the report that stands in the form now; chosen is what is posted, asked for or kept."""
        pack = self._packs.get(self._report())
        return narrowing.offered(pack, self._chosen(pack)) if pack else []

    def _report(self) -> str:
        if self.is_bound:
            return str(self.data.get("report", ""))
        return str(self.initial.get("report") or next(iter(self._packs), ""))

    def _chosen(self, pack: ReportPack) -> Where:
        """What cannot be read is shown as not chosen: posted, it is refused in ``clean``."""
        kept = narrowing.given(self.instance.filters) if self.instance.report == pack.name else {}
        try:
            return narrowing.read(pack, self._asked() or kept)
        except NoSuchFilter:
            return {}

    def _asked(self) -> narrowing.Given:
        """Filters of the address that opened the form, or of what is posted, by their own names."""
        if self.is_bound:
            posted: Any = self.data
            given = {name: posted.getlist(name) for name in posted}
        else:
            given = {name: [value] for name, value in self.initial.items() if name.startswith(BY)}
        return {name.removeprefix(BY): texts for name, texts in given.items() if name.startswith(BY)}
