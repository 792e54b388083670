"""Forms of the card: what each act asks. Each carries the version of the appeal it was opened on."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.db import models
from django.urls import reverse
from django.utils import timezone

from opora.appeals import channels, enclosing, judging, waits
from opora.appeals.intaking.fields import MOMENT_HELP, MomentField
from opora.appeals.listing.words import colleagues
from opora.appeals.models.appeal import NO_ANSWER_NEEDED
from opora.appeals.models.wait import SUSPICIONS
from opora.appeals.rules import LINES_OF, outcomes
from opora.appeals.services import Target
from opora.appeals.services._clocks import extended_to
from opora.appeals.services.callbacks import LATEST
from opora.appeals.story import IDENTITIES
from opora.appeals.waits import NewWait
from opora.appeals.ways import Way, of_card
from opora.appeals.words import ClockState
from opora.classifiers.models import Topic
from opora.classifiers.words import Channel, Flag, Kind, Line, Outcome, Outside, Verdict
from opora.knowledge.letters import unfilled
from opora.knowledge.words import Letter
from opora.organisations.models import Employee, Organisation
from opora.shared import acts
from opora.shared.conflict import Watched
from opora.shared.forms import DraftTextarea, RuDateField
from opora.shared.typography import day

if TYPE_CHECKING:
    from opora.appeals.card import Case

EMPTY = [("", "—")]


class ActForm(acts.ActForm):
    """A form beside the card of an appeal."""

    def __init__(self, *args: Any, case: Case, employee: Employee, **kwargs: Any) -> None:
        self.case, self.employee = case, employee
        super().__init__(*args, **kwargs)

    def _draft(self, name: str, act: str, rows: int = 4) -> None:
        field = self.fields[name]
        kept = {key: value for key, value in field.widget.attrs.items() if key == "autofocus"}
        field.widget = DraftTextarea(f"appeal-{self.case.appeal.pk}-{act}", {"rows": rows, **kept})


class LetterForm(ActForm):
    """An act that writes letters: above each text stands a choice of a template that fills it; it stays editable.

    ``letters`` — act's code and, for each text, the templates it may be filled with.
    """

    act: ClassVar[str]
    letters: ClassVar[dict[str, tuple[Letter, ...]]]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hint = channels.hint(self.case.appeal, self.act)
        order: list[str] = []
        for name in list(self.fields):
            if name in self.letters:
                order.append(self._choice(name))
            order.append(name)
        self.order_fields(order)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in self.letters:
            if left := unfilled(cleaned.get(name) or ""):
                self.add_error(name, f"Осталось незаполненное место: {', '.join(left)}. Напишите вместо него слова.")
        return cleaned

    @property
    def arguments(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if not name.endswith("_template")}

    def letter_values(self) -> dict[str, str]:
        """Return what the act itself knows for a template, from fields not yet checked."""
        return {}

    def typed(self, name: str) -> Any:
        """Return the cleaned value of one field while others may still be empty, or None."""
        field = self.fields[name]
        try:
            return field.clean(field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name)))
        except forms.ValidationError:
            return None

    def _choice(self, name: str) -> str:
        choice = f"{name}_template"
        address = reverse("appeals:act-letter", args=[self.case.appeal.number, self.act, name])
        widget = forms.Select({"hx-post": address, "hx-target": f"#letter-{name}", "hx-swap": "innerHTML"})
        choices = [("", "без шаблона"), *((kind.value, kind.label) for kind in self.letters[name])]
        self.fields[choice] = forms.ChoiceField(label="Шаблон", choices=choices, required=False, widget=widget)
        field: Any = self.fields[name]
        field.template_name = "appeals/letter_field.html"
        # What she had typed before a template came around it: a refused save brings it back with the form.
        field.own, field.whole = (self.data.get(f"{name}_{end}", "") for end in ("own", "whole"))
        return choice


class WhyForm(ActForm):
    why = forms.CharField(label="Почему", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class NoteForm(ActForm):
    text = forms.CharField(label="Заметка", max_length=4000, help_text="Её увидят все, кому открыт текст обращения.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._draft("text", "note", 3)


class PauseForm(ActForm):
    what_for = forms.CharField(label="Чего ждём", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class AnswerForm(LetterForm):
    act = "prepare_answer"
    letters: ClassVar = {"text": (Letter.REPLY, Letter.NOT_AN_APPEAL)}
    text = forms.CharField(label="Текст ответа", max_length=50_000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._draft("text", "answer", 10)
        draft = self.case.draft if self.case.answers else None
        if not self.is_bound and draft:
            self.initial["text"] = draft.text
        if channels.carries_files(self.case.appeal):
            self.fields.update(enclosing.fields(self.case.files, draft))

    @property
    def arguments(self) -> dict[str, Any]:
        return {**super().arguments, "template": self.cleaned_data["text_template"]}


class InterimForm(LetterForm):
    act = "answer_interim"
    letters: ClassVar = {"text": (Letter.INTERIM,)}
    text = forms.CharField(label="Что сообщить заявителю", max_length=50_000)
    channel = forms.ChoiceField(label="Как сообщили", choices=Channel.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._draft("text", "interim", 6)
        self.initial.setdefault("channel", self.case.appeal.channel)


class SendForm(ActForm):
    channel = forms.ChoiceField(label="Как отправить", choices=Channel.choices)
    outgoing_number = forms.CharField(label="Исходящий номер", max_length=50, required=False)
    outgoing_on = RuDateField(label="Дата исходящего", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hint = channels.hint(self.case.appeal, "send_answer")
        self.initial.setdefault("channel", self.case.appeal.channel)


class DeliveryForm(ActForm):
    failed_why = forms.CharField(
        label="Почему не доставлено", max_length=300, required=False, help_text="Пусто — доставлено."
    )


class SettleForm(ActForm):
    done = forms.CharField(
        label="Что сделали",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Например, прочитали ответ по телефону. Если нужен новый ответ, возобновите обращение.",
    )


class CloseForm(ActForm):
    """Only outcomes this appeal can have are offered, and verdicts that agree with what was decided about it."""

    outcome = forms.ChoiceField(label="Исход")
    verdict = forms.ChoiceField(label="Сведения о жалобе", choices=EMPTY + list(Verdict.choices), required=False)
    why = forms.CharField(
        label="Почему без ответа",
        max_length=500,
        required=False,
        help_text="Нужно отозванному обращению: кто и как об этом сказал.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    callbacks_why = forms.CharField(
        label="Почему не перезваниваем", max_length=300, required=False, help_text="Заявителю обещан звонок."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        appeal = self.case.appeal
        possible = outcomes(appeal.channel, appeal.form, is_outside=bool(appeal.outside))
        judged = judging.of(appeal)
        self.hint, self.waits = judged.hindrance, bool(judged.under_way)
        if judged.under_way:
            possible = []
        elif judged.undecided:
            possible = [one for one in possible if one in NO_ANSWER_NEEDED]
        outcome: Any = self.fields["outcome"]
        outcome.choices = EMPTY + [(str(one), one.label) for one in possible]
        if judged.verdicts:
            verdict: Any = self.fields["verdict"]
            verdict.choices = EMPTY + [(str(one), one.label) for one in judged.verdicts]
            self.initial.setdefault("verdict", str(judged.verdicts[0]))
        if appeal.kind != Kind.COMPLAINT:
            del self.fields["verdict"]
        elif Outcome.CALL_REDIRECTED in possible:
            self.fields["why"].help_text = "Нужно, если жалобу отозвали или звонок переадресован: кто сказал, кому."
        if not self.case.open_callbacks:
            del self.fields["callbacks_why"]


class ExtendForm(LetterForm):
    act = "extend"
    letters: ClassVar = {"notice_text": (Letter.EXTENSION,)}
    days = forms.IntegerField(label="На сколько дней", min_value=1, max_value=30)
    order_number = forms.CharField(label="Приказ №", max_length=100)
    order_on = RuDateField(label="Дата приказа", initial=timezone.localdate)
    why = forms.CharField(label="Почему", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    notice_text = forms.CharField(
        label="Что сообщить заявителю", required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def letter_values(self) -> dict[str, str]:
        days, number, on = self.typed("days"), self.typed("order_number"), self.typed("order_on")
        order = f"приказ № {number} от {day(on)}" if number and on else ""
        return {
            "extended_to": self._until(days) if days else "",
            "extension_why": self.typed("why") or "",
            "extension_order": order,
        }

    def _until(self, days: int) -> str:
        clocks = [ticking.clock for ticking in self.case.clocks if ticking.clock.is_main]
        running = [clock for clock in clocks if clock.state == ClockState.RUNNING]
        return day(extended_to(min(running, key=lambda clock: clock.due_at), days)) if running else ""


class ForwardForm(LetterForm):
    act = "forward"
    letters: ClassVar = {"cover_text": (Letter.FORWARDING,), "notice_text": (Letter.FORWARDED,)}
    outside = forms.ChoiceField(label="Куда", choices=EMPTY + list(Outside.choices))
    to_organisation: forms.ModelChoiceField[Organisation] = forms.ModelChoiceField(
        label="Организация", queryset=Organisation.objects.none(), required=False, empty_label="нет в справочнике"
    )
    to_name = forms.CharField(label="Название, если её нет в справочнике", max_length=300, required=False)
    cover_text = forms.CharField(label="Сопроводительное письмо", max_length=50_000)
    notice_text = forms.CharField(label="Уведомление заявителю", max_length=50_000, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = Organisation.objects.accessible_to(self.employee).current().order_by("kind", "name")
        self.fields["to_organisation"].queryset = places  # type: ignore[attr-defined]
        self._draft("cover_text", "cover", 5)
        self._draft("notice_text", "notice", 4)

    def letter_values(self) -> dict[str, str]:
        place = self.typed("to_organisation")
        return {"sent_to": place.full_name or place.name if place else self.typed("to_name") or ""}


class HandOverForm(ActForm):
    """To a colleague, to a line of this organisation, or to another organisation: one of them is enough."""

    owner: forms.ModelChoiceField[Employee] = forms.ModelChoiceField(
        label="Сотруднику", queryset=Employee.objects.none(), required=False, empty_label="в очередь"
    )
    line = forms.ChoiceField(label="Линия", choices=EMPTY + list(Line.choices), required=False)
    handler: forms.ModelChoiceField[Organisation] = forms.ModelChoiceField(
        label="Организация", queryset=Organisation.objects.none(), required=False, empty_label="наша"
    )
    why = forms.CharField(label="Почему", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    draft = forms.CharField(label="Начатый ответ", required=False, max_length=50_000)
    callback_at = MomentField(label="Когда обещали перезвонить", required=False, max_length=40, help_text=MOMENT_HELP)
    identity = forms.ChoiceField(label="Личность", choices=[("", "не сверяли"), *IDENTITIES.items()], required=False)
    call_id = forms.CharField(
        label="Номер записи разговора", required=False, max_length=64, help_text="Из программы телефонии."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [kind for kind in LINES_OF if kind != "branch"]
        places = Organisation.objects.accessible_to(self.employee).current().filter(kind__in=kinds)
        people = [person.pk for person in colleagues(self.employee) if person.pk != self.employee.pk]
        people += [way.owner for way in self.ways if way.owner]
        self.fields["handler"].queryset = places.exclude(pk=self.case.appeal.handler_id).order_by("kind", "name")  # type: ignore[attr-defined]
        self.fields["owner"].queryset = Employee.objects.filter(pk__in=people)  # type: ignore[attr-defined]
        self._draft("draft", "handed", 4)
        if self.case.applicant is not None and (how := self.case.applicant.identified_how):
            self.initial.setdefault("identity", how)
            if how not in IDENTITIES:  # words of a program or of a file
                field: Any = self.fields["identity"]
                field.choices = [*field.choices, (how, how)]
        self.initial.setdefault("call_id", self.case.appeal.call_id)
        if any(way.key for way in self.ways):
            del self.fields["owner"].widget.attrs["autofocus"]  # the hands begin with what is offered

    @cached_property
    def ways(self) -> list[Way]:
        """Where the rules of the territory would have it go."""
        return of_card(self.case, self.employee)

    def clean_callback_at(self) -> datetime | None:
        moment: datetime | None = self.cleaned_data["callback_at"]
        if moment and not timezone.now() < moment <= timezone.now() + LATEST:
            raise forms.ValidationError("Выберите время звонка: позже этой минуты и не дальше года.")
        return moment

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not any(cleaned.get(name) for name in ("owner", "line", "handler")):
            raise forms.ValidationError("Выберите, кому передать: сотруднику, линии или организации.")
        return cleaned

    @property
    def arguments(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        target = Target(handler=data.pop("handler"), line=data.pop("line") or None, owner=data.pop("owner"))
        return {"to": target, **data}


class AmendForm(Watched, ActForm):
    """Fields of the appeal itself. A second save sees field by field what a colleague has changed."""

    topic: forms.ModelChoiceField[Topic] = forms.ModelChoiceField(label="Тема", queryset=Topic.objects.none())
    topic_note = forms.CharField(label="Примечание к теме", max_length=500, required=False)
    flags = forms.MultipleChoiceField(
        label="Признаки", choices=Flag.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    text = forms.CharField(
        label="Содержание", required=False, max_length=50_000, widget=forms.Textarea(attrs={"rows": 8})
    )
    incoming_number = forms.CharField(label="Входящий номер", max_length=50, required=False)
    incoming_on = RuDateField(label="Дата входящего", required=False)
    wait_service = forms.ChoiceField(label="Какой услуги ждёт", required=False)
    wait_days = forms.IntegerField(label="Сколько дней ждать", required=False, min_value=0, max_value=waits.LONGEST)
    wait_since = RuDateField(label="С какого дня ждёт", required=False, help_text="Пусто — со дня обращения.")
    wait_suspicion = forms.ChoiceField(label="Подозрение на болезнь", choices=SUSPICIONS, required=False)
    wait_provider: forms.ModelChoiceField[Organisation] = forms.ModelChoiceField(
        label="В какой клинике ждёт", queryset=Organisation.objects.none(), required=False
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        appeal, wait = case.appeal, case.wait
        kwargs["initial"] = {
            "topic": appeal.topic_id,
            "topic_note": appeal.topic_note,
            "flags": appeal.flags,
            "text": case.text,
            "incoming_number": appeal.incoming_number,
            "incoming_on": appeal.incoming_on,
            "wait_service": wait.service if wait else "",
            "wait_days": wait.days if wait else None,
            "wait_since": wait.started_on if wait else None,
            "wait_suspicion": wait.suspicion if wait else "",
            "wait_provider": wait.provider_id if wait else None,
        }
        topics = Topic.objects.filter(edition=appeal.topic.edition_id, kinds__contains=[appeal.kind])
        super().__init__(*args, case=case, **kwargs)
        self.fields["topic"].queryset = topics  # type: ignore[attr-defined]
        clinics = Organisation.objects.filter(kind=Organisation.Kind.PROVIDER, territory=appeal.territory_id)
        self.fields["wait_provider"].queryset = clinics.order_by("name")  # type: ignore[attr-defined]
        known = [("", "Не ждёт"), *waits.services(appeal.territory_id)]
        self.fields["wait_service"].choices = known  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if bool(cleaned.get("wait_service")) != (cleaned.get("wait_days") is not None):
            raise forms.ValidationError("Ожидание записывают вместе: какой услуги и сколько дней.")
        return cleaned

    @property
    def arguments(self) -> dict[str, Any]:
        before = self.initial
        now = {**self.changes}
        compared = {name: value.pk if isinstance(value, models.Model) else value for name, value in now.items()}
        changed = {name: now[name] for name, value in compared.items() if value != before.get(name)}
        waits_changed = {name for name in changed if name.startswith("wait_")}
        changes = {name: value for name, value in changed.items() if name not in waits_changed}
        if waits_changed and self.cleaned_data["wait_service"]:
            changes["wait"] = self._wait(self.cleaned_data)
        return {"changes": changes}

    def _wait(self, data: dict[str, Any]) -> NewWait:
        place, wait = data["wait_provider"], self.case.wait
        named = wait.provider_name if wait and place is None else ""
        return NewWait(
            service=data["wait_service"],
            days=data["wait_days"],
            suspicion=data["wait_suspicion"],
            started_on=data["wait_since"],
            provider_id=place.pk if place else None,
            provider_name=named,
        )
