"""The form of a draft: what, for whom, by which ladder, with which texts, within which limits."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone

from opora.informing import pacing
from opora.informing.forms import YEARS
from opora.informing.models import Campaign, Template
from opora.informing.texts.rules import whose
from opora.informing.words import MONTHS, Channel, Lane, Measure, Purpose, Sequence
from opora.organisations.models import Employee, Organisation
from opora.shared import erlang
from opora.shared.conflict import OPENED, Watched

# As many rungs as there are: a message, a messenger, a call, a letter, a visit. The form offers two of them at first.
LADDER = ((Channel.SMS, 0), (Channel.CALL, 14), ("", 14), ("", 30), ("", 30))
RUNGS = len(LADDER)
MOST_A_DAY = 10_000_000
NUMBERS = ("per_day", "per_clinic_day", "operators", "callback_percent", "talk_seconds", "cap_days", "opens", "closes")
CLAIMS = ("weekends", "one_per_number", "own_callers")
USUAL = pacing.Limits()


class TextField(forms.ModelChoiceField):
    """A text of a rung; nothing chosen — the one in force for its measure, purpose and channel."""

    def label_from_instance(self, text: Any) -> str:
        what = f"{text.get_purpose_display().lower()}, {text.get_measure_display().lower()}"
        return f"{text.get_channel_display()}: {what} ({', '.join(whose(text))})"


class CampaignForm(forms.Form):
    """A new campaign. ``draft`` is what ``services.create`` asks for."""

    title = forms.CharField(label="Название", max_length=200)
    measure = forms.ChoiceField(label="Повод", choices=Measure.choices)
    year = forms.IntegerField(label="Год", min_value=min(YEARS), max_value=max(YEARS))
    insurer = forms.ModelChoiceField(label="Кто информирует", queryset=Organisation.objects.none())
    months = forms.TypedMultipleChoiceField(
        label="Месяцы плана",
        coerce=int,
        required=False,
        choices=[(number, name.lower()) for number, name in enumerate(MONTHS, start=1)],
        widget=forms.CheckboxSelectMultiple,
        help_text="Никакой не отмечен — весь план.",
    )
    only_months = forms.BooleanField(
        label="Без тех, чей месяц прошёл", required=False, help_text="Иначе зовём и тех, кто не пришёл раньше."
    )
    clinics = forms.ModelMultipleChoiceField(
        label="Клиники",
        queryset=Organisation.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Никакая не отмечена — все.",
    )
    sequence = forms.ChoiceField(
        label="Явка", required=False, choices=[("", "любая"), *Sequence.choices], help_text="Для наблюдения по списку."
    )
    per_day = forms.IntegerField(
        label="Контактов в день", min_value=0, max_value=MOST_A_DAY, required=False, help_text="0 — без предела."
    )
    per_clinic_day = forms.IntegerField(
        label="В одну клинику за день",
        min_value=0,
        max_value=MOST_A_DAY,
        required=False,
        help_text="Сколько приглашённых она примет от всех кампаний.",
    )
    operators = forms.IntegerField(
        label="Операторов на смене",
        min_value=0,
        max_value=erlang.MOST,
        required=False,
        help_text="Волна пойдёт не быстрее, чем они ответят. Занятых другими кампаниями программа вычтет.",
    )
    callback_percent = forms.IntegerField(
        label="Перезвонят, %", min_value=0, max_value=100, required=False, initial=USUAL.callback_percent
    )
    cap_days = forms.IntegerField(
        label="Дней между обращениями к человеку",
        min_value=0,
        max_value=pacing.LONGEST,
        required=False,
        initial=USUAL.cap_days,
    )
    holdout = forms.IntegerField(
        label="Контрольная группа, %",
        min_value=0,
        max_value=50,
        required=False,
        initial=0,
        help_text="Им не пишем, чтобы сравнить, сколько людей приходит без нас.",
    )
    weekends = forms.BooleanField(label="Писать и в выходные", required=False)
    lane = forms.ChoiceField(
        label="Полоса",
        choices=Lane.choices,
        initial=Lane.BULK,
        help_text="Срочно — с {} до {} по часам человека в любой день.".format(*pacing.URGENT_HOURS),
    )
    opens = forms.IntegerField(
        label="С какого часа",
        min_value=0,
        max_value=23,
        required=False,
        initial=USUAL.opens,
        help_text="По часам человека.",
    )
    closes = forms.IntegerField(label="До какого часа", min_value=1, max_value=24, required=False, initial=USUAL.closes)
    talk_seconds = forms.IntegerField(
        label="Разговор, секунд",
        min_value=10,
        max_value=3600,
        required=False,
        initial=USUAL.talk_seconds,
    )
    own_callers = forms.BooleanField(
        label="Звонят не операторы смены", required=False, help_text="Иначе обзвон занимает тех, кто отвечает на линии."
    )
    one_per_number = forms.BooleanField(label="На один номер — одно сообщение", required=False)

    def __init__(self, *args: Any, employee: Employee, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer_insurers(employee)
        clinics: Any = self.fields["clinics"]
        clinics.queryset = Organisation.objects.accessible_to(employee).providers().current().order_by("name", "pk")
        self.fields["year"].initial = timezone.localdate().year
        self.fields["title"].widget.attrs["autofocus"] = True
        texts = self._texts()
        for step, (channel, wait) in enumerate(LADDER, start=1):
            self.fields[f"channel{step}"] = forms.ChoiceField(
                label=f"Ступень {step}",
                required=step == 1,
                choices=[("", "нет"), *Channel.choices] if step > 1 else Channel.choices,
                initial=channel,
            )
            self.fields[f"purpose{step}"] = forms.ChoiceField(
                label="Зачем", choices=Purpose.choices, initial=Purpose.INVITE if step == 1 else Purpose.REMIND
            )
            self.fields[f"wait{step}"] = forms.IntegerField(
                label="Ждать дней", min_value=0, max_value=365, required=False, initial=wait
            )
            self.fields[f"text{step}"] = TextField(
                label="Текст", queryset=texts, required=False, empty_label="тот, что действует"
            )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        for step in range(1, RUNGS + 1):
            text, channel = cleaned.get(f"text{step}"), cleaned.get(f"channel{step}")
            if text and channel and text.channel != channel:
                self.add_error(f"text{step}", "Этот текст для другого способа.")
            elif text and channel and text.measure != cleaned.get("measure", text.measure):
                self.add_error(f"text{step}", "Этот текст для другого повода.")
        opens, closes = cleaned.get("opens"), cleaned.get("closes")
        if opens is not None and closes is not None and opens >= closes:
            self.add_error("closes", "Конец — позже начала.")
        return cleaned

    @property
    def rungs(self) -> list[tuple[Any, ...]]:
        names = ("channel", "purpose", "wait", "text")
        return [tuple(self[f"{name}{step}"] for name in names) for step in range(1, RUNGS + 1)]

    @property
    def draft(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            **{name: given[name] for name in ("insurer", "title", "measure", "year", "lane") if name in self.fields},
            "ladder": self._ladder(),
            "audience": self._audience(),
            "limits": self._limits(),
            "holdout": given["holdout"] or 0,
        }

    def _audience(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            "months": given["months"],
            "late_months": not given["only_months"],
            "providers": [clinic.pk for clinic in given["clinics"]],
            "sequence": given["sequence"],
        }

    def _ladder(self) -> list[dict[str, Any]]:
        given = self.cleaned_data
        return [
            {
                "channel": given[f"channel{step}"],
                "purpose": given[f"purpose{step}"],
                "wait_days": given[f"wait{step}"] or 0,
                "template": given[f"text{step}"],
            }
            for step in range(1, RUNGS + 1)
            if given.get(f"channel{step}")
        ]

    def _limits(self) -> dict[str, Any]:
        given = self.cleaned_data
        numbers = {name: given[name] for name in NUMBERS if given[name] is not None}
        return numbers | {name: True for name in CLAIMS if given[name]}

    def _offer_insurers(self, employee: Employee) -> None:
        insurers: Any = self.fields["insurer"]
        found = Organisation.objects.manageable_by(employee).filter(closed_on=None, kind=Organisation.Kind.INSURER)
        insurers.queryset = found
        insurers.initial = found.first() if found.count() == 1 else None

    def _texts(self) -> Any:
        insurers: Any = self.fields["insurer"]
        return _texts_of(Q(organisation__in=insurers.queryset, is_current=True))


class CampaignChangeForm(Watched, CampaignForm):
    """A draft opened again. What the form does not show — people chosen by name, a longest text — stays as it was."""

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        self.campaign = campaign
        super().__init__(*args, initial=_initial(campaign), **kwargs)

    def _offer_insurers(self, employee: Employee) -> None:
        del self.fields["insurer"]

    def _texts(self) -> Any:
        return _texts_of(
            Q(organisation=self.campaign.insurer_id, is_current=True) | Q(pk__in=self.campaign.rungs.values("template"))
        )

    @property
    def draft(self) -> dict[str, Any]:
        found = {name: value for name, value in super().draft.items() if name != OPENED}
        shown = {*NUMBERS, *CLAIMS}
        kept = {name: value for name, value in self.campaign.limits.items() if name not in shown}
        return {
            **found,
            "audience": {**self.campaign.audience, **found["audience"]},
            "limits": {**kept, **found["limits"]},
        }


def _texts_of(whose: Q) -> Any:
    return Template.objects.filter(whose | Q(organisation=None, is_current=True)).order_by(
        "channel", "purpose", "measure", "pk"
    )


def _initial(campaign: Campaign) -> dict[str, Any]:
    """What the fields show of a campaign."""
    usual = {name: getattr(USUAL, name) for name in (*NUMBERS, *CLAIMS)}
    found: dict[str, Any] = {
        **usual,
        **campaign.limits,
        "title": campaign.title,
        "measure": campaign.measure,
        "year": campaign.year,
        "months": campaign.audience.get("months", []),
        "only_months": not campaign.audience.get("late_months", True),
        "clinics": campaign.audience.get("providers", []),
        "sequence": campaign.audience.get("sequence", ""),
        "holdout": campaign.holdout,
        "lane": campaign.lane,
    }
    rungs = {rung.step: rung for rung in campaign.rungs.all()}
    for step, (_, wait) in enumerate(LADDER, start=1):
        rung = rungs.get(step)
        found[f"channel{step}"] = rung.channel if rung else ""
        found[f"purpose{step}"] = rung.purpose if rung else Purpose.REMIND
        found[f"wait{step}"] = rung.wait_days if rung else wait
        found[f"text{step}"] = rung.template_id if rung else None
    return found
