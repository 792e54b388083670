"""What an employee says of a talk, and what an administrator says of a chat."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils import timezone

from opora.appeals.intaking.fields import MOMENT_HELP, MomentField
from opora.chat import queries, rules
from opora.chat.models import Place, Talk
from opora.chat.words import Level
from opora.doors.forms import CloseForm
from opora.organisations.models import Organisation
from opora.shared.acts import ActForm
from opora.shared.forms import PhoneField

if TYPE_CHECKING:
    from collections.abc import Sequence

    from opora.classifiers.models import Topic
    from opora.organisations.models import Employee

OWNERS = (Organisation.Kind.FUND, Organisation.Kind.INSURER, Organisation.Kind.BRANCH)
SLUG_HELP = "Латиница и цифры: alfa → /c/alfa/. На старый адрес после замены не попасть."
ORIGINS_HELP = "По одному в строке, только начало адреса: https://alfa.example. Других сайтов браузер в чат не пустит."
WHY_NOTHING = [
    ("silent", "Человек не отвечает"),
    ("spam", "Реклама или шутка"),
    ("wrong", "Ошибся адресом"),
    ("other", "Другое"),
]


class _TopicForm(ActForm):
    """Whose talk it was and what about; a topic that fits his words stands first."""

    topic_code = forms.ChoiceField(label="Тема")
    name = forms.CharField(
        label="Как назвался", max_length=rules.LONGEST_NAME, required=False, help_text="Пусто — без имени."
    )

    def __init__(self, *args: Any, talk: Talk, fitting: Sequence[Topic], every: Sequence[Topic], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._topics = {topic.code: topic for topic in [*fitting, *every]}
        groups = [("По словам разговора", fitting), ("Все темы", every)]
        choice: Any = self.fields["topic_code"]
        choice.choices = [
            ("", "Выберите тему"),
            *[(title, [(one.code, one.title) for one in found]) for title, found in groups if found],
        ]
        if fitting and talk.topic_code == fitting[0].code:
            choice.initial = talk.topic_code
        self.fields["name"].initial = talk.name

    @property
    def topic(self) -> Topic:
        return self._topics[self.cleaned_data["topic_code"]]


class ConsultForm(_TopicForm):
    """A consultation that was given."""


class CallbackForm(_TopicForm):
    """A promise to phone back."""

    phone = PhoneField(label="Телефон", max_length=40)
    due_at = MomentField(label="Когда перезвонить", max_length=40, help_text=MOMENT_HELP)
    note = forms.CharField(label="О чём", max_length=300, required=False)

    def __init__(self, *args: Any, talk: Talk, **kwargs: Any) -> None:
        super().__init__(*args, talk=talk, **kwargs)
        self.fields["phone"].initial = talk.phone

    def clean_due_at(self) -> datetime:
        moment: datetime = self.cleaned_data["due_at"]
        if moment <= timezone.now():
            raise forms.ValidationError("Это время уже прошло.")
        return moment


class DropForm(CloseForm):
    """Why nothing goes into the journal."""

    reasons: ClassVar = WHY_NOTHING


class HandForm(ActForm):
    """To whom a talk goes and what he should know."""

    to = forms.ChoiceField(label="Кому")
    why = forms.CharField(
        label="Что передать коллеге",
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        help_text="Гражданин этого не увидит.",
    )

    def __init__(self, *args: Any, talk: Talk, employee: Employee, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = list(queries.colleagues(talk, besides=talk.owner))
        found.sort(key=lambda one: one.pk != employee.pk)  # who takes it herself stands first
        self._colleagues = {str(one.pk): one for one in found}
        choice: Any = self.fields["to"]
        queues = [(f"level:{Level.SECOND}", "Второй уровень: кто освободится"), (f"level:{Level.FIRST}", "В очередь")]
        if talk.level == Level.SECOND:
            queues.reverse()
        own = " (взять себе)"
        people = [
            (key, f"{one.surname} {one.given_name}".strip() + (own if one.pk == employee.pk else ""))
            for key, one in self._colleagues.items()
        ]
        choice.choices = [("Очередь", queues), *([("Коллега", people)] if people else [])]

    def clean_to(self) -> str:
        return str(self.cleaned_data["to"]).removeprefix("level:")

    @property
    def colleague(self) -> Employee | None:
        sent = str(self.data.get("to", ""))
        return None if sent.startswith("level:") else self._colleagues.get(sent)


class OpenForm(forms.Form):
    """A new chat; one organisation may have several, for sites of its own."""

    organisation = forms.ModelChoiceField(label="Чей чат", queryset=Organisation.objects.none())
    name = forms.CharField(label="Название", max_length=100, help_text="Так чат подписан вверху.")
    slug = forms.SlugField(label="Адрес", max_length=40, help_text=SLUG_HELP)

    def __init__(self, *args: Any, employee: Employee, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["organisation"]
        choice.queryset = Organisation.objects.manageable_by(employee).current().filter(kind__in=OWNERS)


class OriginsField(forms.CharField):
    """Sites, one a line, as browsers name them."""

    widget = forms.Textarea({"rows": 3, "spellcheck": "false"})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        found: list[str] = []
        for line in super().clean(value).splitlines():
            if line.strip():
                try:
                    found.append(rules.origin_of(line))
                except ValueError as fault:
                    raise forms.ValidationError(str(fault), code="invalid") from fault
        if len(found) > 50:
            raise forms.ValidationError("Не больше 50 сайтов.")
        return list(dict.fromkeys(found))


class PlaceForm(forms.ModelForm):
    """Everything of a chat."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    origins = OriginsField(label="Сайты, на которых стоит чат", required=False, help_text=ORIGINS_HELP)

    class Meta:
        model = Place
        fields = ["name", "slug", "greeting", "away", "origins", "is_round_the_clock", "is_active"]
        widgets = {"greeting": forms.Textarea({"rows": 2}), "away": forms.Textarea({"rows": 2})}
        help_texts = {
            "slug": SLUG_HELP,
            "greeting": "Первое, что видит гражданин. Пусто — напишем сами.",
            "away": "Ответ на сообщение вне часов работы. Пусто — скажем, когда вы откроетесь.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = self.instance.version
