"""Samples of every piece on one page, ``/ui/``: for those who build pages, and for the tests that look at them.

``config/urls.py`` mounts ``ROUTES`` in development only. The people here are invented; nothing is read or written.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.decorators.http import require_http_methods, require_safe

from opora.shared.charts import Chart, Series
from opora.shared.forms import DraftTextarea, PhoneField, RuDateField, Segments
from opora.shared.frame import Frame, Who
from opora.shared.navigation import Entry, Search, Section
from opora.shared.pages import Page
from opora.shared.progress import Work
from opora.shared.refusals import REFUSALS, refused
from opora.shared.toasts import close_dialog, toast

GIVEN = ["Полина Андреевна", "Пётр Сергеевич", "Зоя Ильинична", "Олег Львович", "Анна Павловна", "Лев Юрьевич"]
SURNAMES = ["Соловьёва-Седая", "Иванова", "Гончарук", "Ким", "Рябинина", "Чернышевская", "Ли", "Ветрова"]
STATES = [
    ("late", "просрочено 2 дня"),
    ("today", "сегодня до 18:00"),
    ("now", "в работе"),
    ("none", "без результата"),
    ("done", "закрыто"),
    ("word", "до 20.12"),
]
TOPICS = ["Выбор страховой организации", "Полис: где и как получить", "Отказ в записи к врачу", "Оплата лекарств"]
STEPS = 8
SHORT = {"Застрахованные": "Люди", "Организации": "Места", "Сотрудники": "Коллеги"}
COLOURS = (
    "ground", "paper", "raised", "sunken", "line", "line-strong", "ink", "ink-2", "ink-3",
    "accent", "late", "today", "done",
)  # fmt: skip


MONTHS = ["янв", "фев", "мар", "апр", "май", "июн", "июл", "авг"]
CHARTS = (
    Chart(
        "bar",
        "По видам",
        "обращений",
        ["Жалобы", "Заявления", "Предложения", "Консультации"],
        [
            Series("2025", [312, 8104, 12, 54_211], links=["?kind=2#charts", "", "", "?kind=1#charts"]),
            Series("2024", [298, 7900, 15, 51_234], former=True),
        ],
        note="Число ведёт к обращениям, из которых оно сложено.",
    ),
    Chart(
        "line",
        "По месяцам",
        "обращений",
        MONTHS,
        [
            Series("2025", [7800, 8100, None, 8900, 7300, 7000, 6900, 8200]),
            Series("2024", [7500, 7900, 8000, 8400, 7000, 6800, 6700, 7900], former=True),
        ],
    ),
    Chart(
        "stack",
        "Кто отвечал",
        "обращений",
        MONTHS,
        [
            Series("Фонд", [600, 620, 500, 640, 580, 500, 480, 610]),
            Series("СМО Альфа", [4600, 4620, 4500, 4640, 4580, 4500, 4480, 4610]),
            Series("СМО Бета", [2600, 2620, 2500, 2640, 2580, 2500, 2480, 2610]),
        ],
    ),
    Chart(
        "share",
        "Причины обоснованных жалоб",
        "жалоб",
        [
            "Качество медицинской помощи",
            "Организация работы медицинской организации",
            "Сведения о неполученных услугах",
            "Взимание денежных средств",
        ],
        [Series("2025", [152, 22, 20, 9])],
    ),
    Chart(
        "heatmap",
        "Звонки по часам",
        "звонков за неделю",
        [str(hour) for hour in range(8, 20)],
        [
            Series(day, [(hour * 7 + order * 13) % 97 for hour in range(12)])
            for order, day in enumerate(["пн", "вт", "ср", "чт", "пт", "сб", "вс"])
        ],
    ),
    Chart("bar", "Опросы", "анкет", ["Поликлиника", "Стационар"], [Series("2025", [None, None])]),
)


class SampleForm(forms.Form):
    """Every kind of field once."""

    surname = forms.CharField(label="Фамилия", max_length=100, help_text="Как в паспорте.")
    birth_on = RuDateField(label="Дата рождения", help_text="14.03.1985, 140385 или «вчера».")
    phone = PhoneField(label="Телефон", required=False)
    sex = forms.ChoiceField(label="Пол", choices=[("f", "Женский"), ("m", "Мужской")], widget=Segments)
    topic = forms.ChoiceField(label="Тема", choices=[("", "Не выбрана"), *enumerate(TOPICS)])
    channels = forms.MultipleChoiceField(
        label="Как можно связаться",
        choices=[("sms", "SMS"), ("call", "Звонок"), ("mail", "Почта")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    note = forms.CharField(label="Что случилось", widget=DraftTextarea("ui-sample"), required=False)
    urgent = forms.BooleanField(label="Срочно: ответить сегодня", required=False)

    def clean_birth_on(self) -> date:
        day: date = self.cleaned_data["birth_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("Дата рождения не может быть в будущем.")
        return day


@dataclass(frozen=True)
class Row:
    number: str
    name: str
    topic: str
    state: str
    word: str
    registered_on: date
    enp: str
    phone: str


class SampleFrame(Frame):
    """A rail and a person, so that the samples look as pages do."""

    @cached_property
    def who(self) -> Who:
        return Who("Алиева А. Р.", "СП1", "СМО Альфа")

    @cached_property
    def sections(self) -> list[Section]:
        work = [
            ("Стол", "layout-dashboard", "G H", None),
            ("Журнал", "inbox", "G J", 12),
            ("Застрахованные", "users", "G P", None),
            ("Образцы", "notes", "G U", None),
            ("Знания", "book-2", "G K", None),
        ]
        house = [("Организации", "building", "G O", None), ("Сотрудники", "id-badge-2", "G E", None)]
        return [Section("", self._entries(work)), Section("Управление", self._entries(house))]

    @cached_property
    def personal(self) -> list[Section]:
        return [Section("", (Entry("Мои сеансы", "#", "device-mobile", "", False, None),))]

    @cached_property
    def search(self) -> Search:
        return Search("ui", "Фамилия, дата рождения, ЕНП, телефон", "")

    def _entries(self, lines: Sequence[tuple[str, str, str, int | None]]) -> tuple[Entry, ...]:
        return tuple(
            Entry(label, reverse("ui") + f"#{icon}", icon, key, label == "Образцы", count, SHORT.get(label, ""))
            for label, icon, key, count in lines
        )


def rows(number: int = 14) -> list[Row]:
    return [
        Row(
            number=f"54001-2026-{1200 + i:06}",
            name=f"{SURNAMES[i % len(SURNAMES)]} {GIVEN[i % len(GIVEN)]}",
            topic=TOPICS[i % len(TOPICS)],
            state=STATES[i % len(STATES)][0],
            word=STATES[i % len(STATES)][1],
            registered_on=date(2026, 11, 20) - timedelta(days=i * 3),
            enp=f"54764108350{i:05}",
            phone=f"+7900000{i:04}",
        )
        for i in range(number)
    ]


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    now = timezone.localtime()
    context: dict[str, Any] = {
        "frame": SampleFrame(request),
        "form": SampleForm(initial={"sex": "f", "phone": "+79000000001"}),
        "rows": rows(),
        "page": Page(rows(2), next="next", previous="back"),
        "states": STATES,
        "tabs": [
            {"label": "Мои", "url": "#tabs", "current": True, "count": 7},
            {"label": "Просрочены", "url": "#tabs", "count": 2},
            {"label": "Жалобы", "url": "#tabs", "count": None},
        ],
        "works": [work(3), Work("Готовим список", reverse("ui-progress", args=[0])), work(STEPS)],
        "broken": Work("Загрузка регистра", "#", state="late", note="Строка 812: такой даты нет — 31.02.1985"),
        "moments": SimpleNamespace(
            soon=now + timedelta(hours=2, minutes=3),
            just=now - timedelta(minutes=5, seconds=3),
            yesterday=now - timedelta(days=1),
            far=now - timedelta(days=200),
            span=timedelta(days=2, hours=3, minutes=5),
            talk=timedelta(seconds=42),
        ),
        "colours": COLOURS,
        "refusals": sorted(REFUSALS),
    }
    return render(request, "gallery/page.html", context)


@require_safe
def charts(request: HttpRequest) -> HttpResponse:
    """Every kind of chart once."""
    return render(request, "gallery/charts.html", {"frame": SampleFrame(request), "charts": CHARTS})


@require_http_methods(["GET", "POST"])
def form(request: HttpRequest) -> HttpResponse:
    """The form alone: 422 with its errors, or a toast."""
    sample = SampleForm(request.POST or None)
    ok = request.method == "POST" and sample.is_valid()
    context = {"form": SampleForm() if ok else sample}
    response = render(
        request, "gallery/page.html#sample_form", context, status=200 if ok or not sample.is_bound else 422
    )
    return toast(response, "Карточка сохранена", undo=reverse("ui-undo")) if ok else response


@require_http_methods(["POST"])
def undo(request: HttpRequest) -> HttpResponse:
    return close_dialog(toast(HttpResponse(status=204), "Вернули как было", state="now"))


@require_safe
def dialog(request: HttpRequest) -> HttpResponse:
    return render(request, "gallery/dialog.html", {"title": "Передать обращение"})


@require_safe
def progress(request: HttpRequest, step: int) -> HttpResponse:
    """One step further at each question."""
    return render(request, "ui/progress.html", {"work": work(min(step + 1, STEPS))})


def work(step: int) -> Work:
    total = 3_246_424
    if step >= STEPS:
        return Work("Загрузка регистра", "#", state="done", result_url="#", result="Протокол загрузки")
    return Work(
        "Загрузка регистра",
        reverse("ui-progress", args=[step]),
        done=total * step // STEPS,
        total=total,
        note="Сопоставляем по ЕНП",
        left=timedelta(seconds=(STEPS - step) * 17),
    )


@require_safe
def refusal(request: HttpRequest, status: int) -> HttpResponse:
    if status not in REFUSALS:
        raise Http404
    return refused(request, status)


@require_safe
def plain(request: HttpRequest) -> HttpResponse:
    """How the pages before sign-in look."""
    return render(request, "gallery/plain.html")


ROUTES: list[tuple[str, Callable[..., HttpResponse], str]] = [
    ("", gallery, "ui"),
    ("charts/", charts, "ui-charts"),
    ("form/", form, "ui-form"),
    ("undo/", undo, "ui-undo"),
    ("dialog/", dialog, "ui-dialog"),
    ("progress/<int:step>/", progress, "ui-progress"),
    ("refusal/<int:status>/", refusal, "ui-refusal"),
    ("plain/", plain, "ui-plain"),
]
