"""What the editor of a site decides."""

from __future__ import annotations

from typing import Any

from django import forms

from opora.organisations.models import Employee, Organisation
from opora.portal.help import choosable
from opora.portal.models import Site
from opora.portal.words import Colour

OWNERS = (Organisation.Kind.FUND, Organisation.Kind.INSURER)
SLUG_HELP = "Латиница и цифры: alfa → /s/alfa/. На старый адрес после замены не попасть."


class OpenForm(forms.Form):
    organisation = forms.ModelChoiceField(label="Чей сайт", queryset=Organisation.objects.none())
    name = forms.CharField(label="Название", max_length=100, help_text="Так сайт подписан вверху каждой страницы.")
    slug = forms.SlugField(label="Адрес", max_length=40, help_text=SLUG_HELP)

    def __init__(self, *args: Any, employee: Employee, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        free = Organisation.objects.manageable_by(employee).current().filter(kind__in=OWNERS)
        choice: Any = self.fields["organisation"]
        choice.queryset = free.exclude(pk__in=Site.objects.values("organisation"))


class SiteForm(forms.ModelForm):
    """Everything of a site; a card that is not in force any more is left out by itself."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Site
        fields = ["name", "slug", "greeting", "colour", "cards", "is_published", "is_default"]
        widgets = {
            "colour": forms.RadioSelect(choices=Colour.choices),
            "cards": forms.CheckboxSelectMultiple,
            "greeting": forms.Textarea({"rows": 2}),
        }
        help_texts = {
            "slug": SLUG_HELP,
            "greeting": "Одно-два предложения под названием. Пусто — напишем сами.",
            "cards": "Утверждённые ответы первого уровня. Их показывают до вопроса и в «Частых вопросах».",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = self.instance.version
        shown = choosable(self.instance.territory_id)
        choice: Any = self.fields["cards"]
        choice.queryset = choice.queryset.filter(pk__in=[card.pk for card in shown]).select_related("text", "approved")
        choice.label_from_instance = lambda card: card.approved.question
