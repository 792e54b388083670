"""What she types about a card and a template; every field of the text is checked before it is saved."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from opora.classifiers import queries as classifiers
from opora.classifiers.errors import NoEdition
from opora.knowledge import fields
from opora.knowledge.models import CardText
from opora.knowledge.queries import Table
from opora.knowledge.synonyms import names_of
from opora.organisations.models import Employee
from opora.shared.conflict import Watched
from opora.shared.errors import DomainError
from opora.shared.forms import DraftTextarea, RuDateField, Segments

LONGEST = 90
MOST_VARIANTS, LONGEST_VARIANT = 20, 200
LEVELS = ((1, "1-й"), (2, "2-й"), (3, "3-й"))


class CardForm(Watched, forms.ModelForm):
    """A wording of a card."""

    level = forms.TypedChoiceField(label="Кто может ответить", choices=LEVELS, coerce=int, widget=Segments, initial=1)
    topic_code = forms.ChoiceField(label="Тема", required=False)
    valid_since = RuDateField(label="Действует с", initial=timezone.localdate)
    valid_until = RuDateField(label="Действует по", required=False, help_text="После этого дня карточка скроется сама.")

    class Meta:
        model = CardText
        fields = [
            "question", "variants", "topic_code", "level", "body", "next_step", "red_flag", "full_text", "legal_basis",
            "law_edition", "sources", "words", "valid_since", "valid_until", "is_verified",
        ]  # fmt: skip
        help_texts = {
            "question": "Как спрашивает человек: «Потерял полис, выдадут новый?»",
            "body": f"До {LONGEST} слов, короткие фразы. Сроки и возрасты — полями из списка справа.",
            "next_step": "Что открыть, что записать, кому передать.",
            "red_flag": "Когда отложить карточку и звать помощь.",
            "variants": "Как ещё об этом спрашивают: каждый вопрос с новой строки. По ним карточку находят.",
            "words": "Отдельные слова, по которым ищут, через пробел.",
            "full_text": "Подробности для того, кто хочет знать больше. Вслух их не читают.",
            "legal_basis": "Закон, статья, часть. Без источника карточку не утвердят.",
            "law_edition": "В какой редакции читали: «ред. от 28.12.2024».",
            "sources": "Откуда ответ, если это не закон: приказ, письмо, страница органа.",
            "is_verified": "Отмечает юрист или тот, кто читал сам текст закона. Без отметки карточку не утвердят.",
        }

    def __init__(self, *args: Any, territory: str, draft: str, **kwargs: Any) -> None:
        self.table = Table(timezone.localdate(), territory)
        super().__init__(*args, **kwargs)
        for name, rows in (("variants", 4), ("body", 7), ("next_step", 3), ("red_flag", 2), ("full_text", 6)):
            self.fields[name].widget = DraftTextarea(f"{draft}-{name}", {"rows": rows})
        code = str(self.initial.get("topic_code") or "")
        self.fields["topic_code"].choices = topics(territory, self.table.on, code)  # type: ignore[attr-defined]
        self.now |= {"topic_code": [code]}

    def clean_body(self) -> str:
        body = self._with_known_fields("body")
        if (number := len(body.split())) > LONGEST:
            raise forms.ValidationError(f"Здесь {number} слов, вслух такое не дослушают. Оставьте {LONGEST}.")
        return body

    def clean_next_step(self) -> str:
        return self._with_known_fields("next_step")

    def clean_full_text(self) -> str:
        return self._with_known_fields("full_text")

    def clean_variants(self) -> str:
        """One question a line, none twice, no more than a caller could think of."""
        lines = [" ".join(line.split()) for line in str(self.cleaned_data["variants"]).splitlines()]
        found = list(dict.fromkeys(line for line in lines if line))
        if len(found) > MOST_VARIANTS:
            raise forms.ValidationError(f"Здесь {len(found)} вопросов. Оставьте {MOST_VARIANTS}.")
        if too_long := next((line for line in found if len(line) > LONGEST_VARIANT), ""):
            raise forms.ValidationError(f"Слишком длинно для вопроса: «{too_long[:60]}…».")
        return "\n".join(found)

    def _with_known_fields(self, name: str) -> str:
        text = str(self.cleaned_data[name]).replace("\r\n", "\n").strip()
        if found := fields.faults(text, self.table.why_not):
            raise forms.ValidationError([str(fault) for fault in found])
        return text


class NewCardForm(CardForm):
    """A card that is not there yet: of her territory, or of all of them where her organisation keeps common cards."""

    is_common = forms.BooleanField(
        label="Общая для всех территорий",
        required=False,
        help_text="Её будут читать на всех территориях, править сможет только ваша организация.",
    )

    def __init__(self, *args: Any, may_be_common: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_be_common:
            del self.fields["is_common"]

    @property
    def wording(self) -> dict[str, Any]:
        return {name: value for name, value in self.changes.items() if name != "is_common"}


class ReviewForm(forms.Form):
    """Who answers for a card and when it is read again."""

    owner = forms.ModelChoiceField(label="Ответственный", queryset=Employee.objects.none(), required=False)
    review_on = RuDateField(
        label="Следующий пересмотр", help_text="В этот день карточка встанет в список на пересмотр."
    )
    why = forms.CharField(label="Что проверили", max_length=500, required=False, widget=forms.Textarea({"rows": 3}))

    def __init__(self, *args: Any, owners: QuerySet[Employee], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = owners  # type: ignore[attr-defined]


class SynonymsForm(forms.Form):
    """A new group and the question it is tried on."""

    names = forms.CharField(
        label="Как это называют",
        max_length=800,
        help_text="Через запятую: «больничный, листок нетрудоспособности, бюллетень».",
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    sample = forms.CharField(
        label="Вопрос для пробы",
        max_length=200,
        required=False,
        help_text="Как спросил бы человек. Покажем, какие ответы найдутся без этих слов и с ними.",
        widget=forms.TextInput({"autocomplete": "off"}),
    )

    def clean_names(self) -> tuple[str, ...]:
        try:
            return names_of(self.cleaned_data["names"])
        except DomainError as refusal:
            raise forms.ValidationError(refusal.sentence) from refusal


class WhyForm(forms.Form):
    """A reason somebody else will read."""

    why = forms.CharField(label="Почему", max_length=500, widget=forms.Textarea({"rows": 3}))


class TemplateForm(Watched, forms.Form):
    """A letter as plain text."""

    about = forms.CharField(label="О чём письмо", max_length=200, required=False)
    body = forms.CharField(
        label="Текст письма",
        required=False,
        max_length=20_000,
        help_text="Абзацы разделяйте пустой строкой. Сотрите весь текст, чтобы вернуться к тексту из поставки.",
    )

    def __init__(self, *args: Any, draft: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].widget = DraftTextarea(draft, {"rows": 18})


def topics(territory: str, on: date, known: str = "") -> list[tuple[str, str]]:
    """Return topics to choose from; a code of another edition stays choosable."""
    try:
        found = [(topic.code, f"{topic.code} {topic.title}") for topic in classifiers.topics(territory, on)]
    except NoEdition:
        found = []
    other = [] if not known or known in dict(found) else [(known, f"{known} (нет в нынешнем списке)")]
    return [("", "Без темы"), *other, *found]
