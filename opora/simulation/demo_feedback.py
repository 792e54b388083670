"""Госуслуги of the demonstration: the fund's door to a platform on this machine, and what citizens wrote there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.classifiers import queries as classifiers
from opora.classifiers.words import Kind as AppealKind
from opora.doors.models import Door
from opora.doors.words import Kind, Rule
from opora.feedback import routes
from opora.insured.models import Person
from opora.organisations.models import Organisation

SYSTEM = Scope.system("Госуслуги of the demonstration")
# Most frequent where it was published: wrong or missing data of a policy or of a clinic (domain handbook 09).
LETTERS = (
    ("Полис ОМС", "Не отображается", "ordinary", 9, "В личном кабинете не виден мой полис, хотя он у меня есть."),
    ("Полис ОМС", "Ошибка в данных", "fast", 6, "В полисе старая фамилия, паспорт я поменяла в марте."),
    ("Прикрепление", "Чужая поликлиника", "fast", 3, "Кабинет показывает поликлинику, в которой я никогда не был."),
    ("Медицинская помощь", "Срок ожидания", "ordinary", 21, "Направили на МРТ, записали через два месяца."),
    ("Полис ОМС", "Не отображается", "ordinary", 2, "У ребёнка в кабинете нет полиса ОМС."),
    ("Медицинская помощь", "Оплата", "ordinary", 12, "В поликлинике взяли деньги за анализ по направлению."),
    (
        "Прикрепление",
        "Не меняется",
        "fast",
        1,
        "Заявление о прикреплении подал две недели назад, ничего не изменилось.",
    ),
    ("Лекарства", "Отказ", "ordinary", 1, "В аптеке нет лекарства, на которое дали рецепт."),
)
WAYS = {"полис": "Полис ОМС", "прикреплен": "Прикрепление", "ожидан": "Медицинская помощь"}


def ensure_feedback(territory: str, port: int, token: str) -> None:
    """Bring the door of the fund, pointed at the platform of this start. Two questions when it is there."""
    address = f"http://127.0.0.1:{port}"
    with enter(SYSTEM):
        door = Door.objects.filter(kind=Kind.GOSUSLUGI).first()
        if door is not None:
            if door.settings.get("address") != address:
                door.settings = {**door.settings, "address": address}
                door.save(update_fields=["settings"])
            return
        fund = Organisation.objects.current().filter(territory=territory, kind=Organisation.Kind.FUND).first()
        if fund is None:
            return
        topics = classifiers.topics_of(classifiers.current_edition(territory, timezone.localdate()))
        asked = [topic for topic in topics if AppealKind.CONSULTATION in topic.kinds]
        found = {part: next((one.code for one in asked if part in one.title.lower()), "") for part in WAYS}
        table = "\n".join(f"{WAYS[part]} = {code}" for part, code in found.items() if code)
        door = Door(
            organisation=fund,
            kind=Kind.GOSUSLUGI,
            slug="gosuslugi",
            title="Госуслуги",
            address=fund.name[:254],
            rule=Rule.APPEAL,
            topic=asked[0].code,
            appeal_kind=AppealKind.CONSULTATION,
            settings={"address": address, "table": table, "routes": routes.read(table)},
        )
        door.keep_secrets({"token": token})
        door.save()


def letters(territory: str) -> list[dict[str, Any]]:
    """Return what invented people of the territory have written, as the platform keeps it, oldest first."""
    now = timezone.now()
    with enter(SYSTEM):
        people = list(Person.objects.filter(territory=territory, died_on=None).order_by("pk")[: len(LETTERS)])
    written = [
        {
            "category": category,
            "subcategory": subcategory,
            "track": track,
            "text": text,
            "at": (now - timedelta(days=days)).isoformat(),
            "citizen": {
                "lastName": person.surname,
                "firstName": person.given_name,
                "middleName": person.patronymic,
                "birthDate": person.birth_on.isoformat(),
                "snils": person.snils or "",
            },
        }
        for (category, subcategory, track, days, text), person in zip(LETTERS, people, strict=False)
    ]
    return sorted(written, key=lambda one: str(one["at"]))
