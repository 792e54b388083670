"""What each act asks."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone

from opora.appeals import waits
from opora.classifiers import queries as classifiers
from opora.classifiers.errors import NoEdition
from opora.classifiers.words import Kind
from opora.deadlines.waiting import Suspicion
from opora.findings import letters, radar
from opora.findings.services.writing import REPLY_TERM
from opora.findings.words import Decision, What
from opora.organisations.models import Organisation
from opora.shared import acts
from opora.shared.forms import DraftTextarea, RuDateField

if TYPE_CHECKING:
    from opora.findings.models import Finding
    from opora.organisations.models import Employee

FOLLOW_AFTER = timedelta(days=30)


def _words(label: str, rows: int = 4, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=5000, widget=forms.Textarea({"rows": rows}), **more)


class OpenForm(forms.Form):
    """A finding by hand; from an alarm or a cell everything but the cause stands there already."""

    provider: forms.ModelChoiceField[Organisation] = forms.ModelChoiceField(
        label="Клиника", queryset=Organisation.objects.none()
    )
    subject = forms.ChoiceField(label="О чём обращения")
    since = RuDateField(label="С какого дня")
    until = RuDateField(label="По какой день")
    cause = _words("В чём причина", help_text="Одна на все обращения: «нет врача с июля», «сломан аппарат».")

    def __init__(self, *args: Any, employee: Employee, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        assignment = employee.assignment
        territory = assignment.organisation.territory_id if assignment else ""
        clinics = Organisation.objects.filter(kind=Organisation.Kind.PROVIDER, territory=territory)
        self.fields["provider"].queryset = clinics.order_by("name")  # type: ignore[attr-defined]
        given = [("", "Выберите"), *subjects(territory)]
        wanted = str(self.initial.get("subject", "")) or str(self.data.get("subject", ""))
        if wanted not in dict(given) and (words := _words_of(wanted, dict(given), territory)):
            given.append((wanted, words))
        self.fields["subject"].choices = given  # type: ignore[attr-defined]
        named = bool(self.initial.get("provider"))
        self.fields["cause" if named else "provider"].widget.attrs["autofocus"] = True

    @property
    def arguments(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        what, _, rest = data.pop("subject").partition(":")
        if what != What.WAIT:
            return {**data, "what": what, "code": rest}
        code, _, suspicion = rest.partition(":")
        return {**data, "what": what, "code": code, "suspicion": radar.suspicion_of(suspicion)}


class FindingForm(acts.ActForm):
    """A form of an act on a finding."""

    def __init__(self, *args: Any, finding: Finding, appeals: int = 0, **kwargs: Any) -> None:
        self.finding, self.appeals = finding, appeals
        super().__init__(*args, **kwargs)


class DecideForm(FindingForm):
    decision = forms.ChoiceField(label="Решение", choices=Decision.choices, widget=forms.RadioSelect)
    ground = _words("Основание", help_text="Норма и чем подтверждено. «Нарушения нет» завершает дело.")
    decided_on = RuDateField(label="Дата решения", initial=timezone.localdate)


class LetterForm(FindingForm):
    text = _words("Текст письма", 14, help_text="Без имён, полисов и телефонов: только числа и причина.")
    number = forms.CharField(label="Исходящий номер", max_length=50)
    on = RuDateField(label="Дата письма", initial=timezone.localdate)
    reply_until = RuDateField(label="Ответить до")

    def __init__(self, *args: Any, finding: Finding, **kwargs: Any) -> None:
        super().__init__(*args, finding=finding, **kwargs)
        limit = _limit(finding) if finding.what == What.WAIT else ""
        self.initial.setdefault("text", letters.draft(finding, number=self.appeals, limit=limit))
        self.initial.setdefault("number", finding.number)
        self.initial.setdefault("reply_until", timezone.localdate() + REPLY_TERM)
        self.fields["text"].widget = DraftTextarea(f"finding-{finding.pk}-letter", {"rows": 14, "autofocus": True})


class ReplyForm(FindingForm):
    text = _words("Что ответила клиника")
    on = RuDateField(label="Дата ответа", initial=timezone.localdate)


class MeasuresForm(FindingForm):
    text = _words("Что клиника сделала")
    on = RuDateField(label="С какого дня действует", initial=timezone.localdate)
    follow_on = RuDateField(label="Когда проверить", help_text="Программа сама сравнит дни до и после.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("follow_on", timezone.localdate() + FOLLOW_AFTER)


class GatherForm(FindingForm):
    numbers = forms.CharField(
        label="Номера обращений",
        max_length=20_000,
        widget=forms.Textarea({"rows": 5}),
        help_text="По одному в строке или через запятую.",
    )

    def clean_numbers(self) -> list[str]:
        return str(self.cleaned_data["numbers"]).replace(",", "\n").split()


class RemoveForm(FindingForm):
    number = forms.CharField(label="Номер обращения", max_length=32)
    why = _words("Почему исключаете", 3)


class WhyForm(FindingForm):
    why = _words("Почему", 3)


class CloseForm(FindingForm):
    why = _words("Что скажете напоследок", 3, required=False)


class NoteForm(FindingForm):
    text = _words("Заметка", 3)


class AnswerForm(forms.Form):
    """What the clinic writes back."""

    text = _words("Ваш ответ", 8, help_text="Что сделано и с какого дня.")


class DismissForm(forms.Form):
    """An alarm that is nothing."""

    why = forms.CharField(label="Почему это не нарушение", max_length=500)


class PeriodForm(forms.Form):
    """Filters of the radar; what is wrong in the address is left out."""

    since = RuDateField(label="С", required=False)
    until = RuDateField(label="По", required=False)
    insurer = forms.IntegerField(required=False, min_value=0)
    provider = forms.IntegerField(required=False, min_value=0)

    def asked(self, today: date) -> radar.Asked:
        """Return the question; without a period the last 13 weeks, never longer than two years."""
        self.is_valid()
        data = self.cleaned_data
        since, until = radar.last_weeks(today)
        until = min(data.get("until") or until, today)
        since = data.get("since") or min(since, until)
        since = max(min(since, until), until - timedelta(days=730))
        return radar.Asked(since, until, data.get("insurer"), data.get("provider"))


def subjects(territory: str) -> list[tuple[str, str]]:
    """Return what a finding may be about: services of the waiting limits, then topics of complaints."""
    found = [(f"{What.WAIT}:{code}", f"Ожидание: {title}") for code, title in waits.services(territory)]
    try:
        topics = classifiers.topics(territory, timezone.localdate(), Kind.COMPLAINT)
    except NoEdition:
        topics = []
    return found + [(f"{What.TOPIC}:{topic.code}", f"{topic.code} {topic.title}") for topic in topics]


def _words_of(subject: str, known: dict[str, str], territory: str) -> str:
    """Return the words of a subject that stands in no list: a topic of another edition, a wait with its suspicion."""
    what, _, code = subject.partition(":")
    if _is_topic(subject):
        return radar.subject(What.TOPIC, code, territory)
    whole, _, suspicion = subject.rpartition(":")
    if whole in known and what == What.WAIT and suspicion == radar.NO_SUSPICION:
        return f"{known[whole]}, подозрения нет"
    if whole in known and what == What.WAIT and suspicion in set(Suspicion) - {Suspicion.NONE}:
        return radar.subject(What.WAIT, whole.partition(":")[2], territory, suspicion)
    return ""


def _is_topic(subject: str) -> bool:
    what, _, code = subject.partition(":")
    return what == What.TOPIC and 0 < len(code) <= 14 and code.isprintable()


def _limit(finding: Finding) -> str:
    asked = radar.Asked(finding.since, finding.until)
    packs = waits.packs(finding.territory)
    return radar.limit_words(packs, finding.code, finding.suspicion or "", asked, finding.territory)
