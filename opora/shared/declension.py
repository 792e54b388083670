"""Names of people in letters: «Уважаемая Полина Сергеевна», «Ивановой Полине Сергеевне».

A wrong ending in a letter offends more than none: where the sex or the surname leaves a doubt, the name stays as it is
written in the card, and the greeting does without «уважаемый».
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from pytrovich.detector import PetrovichGenderDetector
from pytrovich.enums import Case as PetrovichCase
from pytrovich.enums import Gender, NamePart
from pytrovich.maker import PetrovichDeclinationMaker

_maker = PetrovichDeclinationMaker()
_detector = PetrovichGenderDetector()

CYRILLIC = re.compile(r"[А-ЯЁа-яё][А-ЯЁа-яё’ -]*")
# Endings that decline by one rule; a man's surname with any other consonant (Заяц, Горобец, Кузнец) may lose a vowel.
SURE_SURNAME = re.compile(
    r"(ов|ев|ёв|ин|ын|ский|цкий|ской|цкой|ный|ной|той|ова|ева|ёва|ина|ына|ская|цкая|ая|яя|ко|их|ых|о|е|э|и|ы|у|ю|а|я"
    r"|ич|ян|ук|юк|чук|зе|ли|ман|сон|берг|штейн|ерг|ой|ий|ый)$"
)
LOSES_A_VOWEL = re.compile(r"(ец|яц|ёк|ек|ок|ень|ёл|ел|ол|ёр)$")


class Case(StrEnum):
    """Падеж of a name in a letter."""

    GENITIVE = "genitive"
    DATIVE = "dative"
    ACCUSATIVE = "accusative"
    INSTRUMENTAL = "instrumental"


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name by parts. ``is_female`` None — it is guessed from the patronymic."""

    surname: str
    given_name: str = ""
    patronymic: str = ""
    is_female: bool | None = None

    @property
    def full(self) -> str:
        return " ".join(part for part in (self.surname, self.given_name, self.patronymic) if part)


def greeting(name: PersonName) -> str:
    """Return the first line of a letter, without the sign at its end.

    >>> greeting(PersonName("Иванова", "Полина", "Сергеевна"))
    'Уважаемая Полина Сергеевна'
    >>> greeting(PersonName("Ли", "Саша")), greeting(PersonName("", ""))
    ('Здравствуйте, Саша', 'Здравствуйте')
    """
    called = " ".join(part for part in (name.given_name, name.patronymic) if part)
    gender = _gender(name)
    if not called:
        return "Здравствуйте"
    if gender is None:
        return f"Здравствуйте, {called}"
    return f"{'Уважаемая' if gender is Gender.FEMALE else 'Уважаемый'} {called}"


def decline(name: PersonName, case: Case) -> str:
    """Return the full name in a case, or as it is written when any part leaves a doubt.

    >>> decline(PersonName("Иванова", "Полина", "Сергеевна"), Case.DATIVE)
    'Ивановой Полине Сергеевне'
    >>> decline(PersonName("Заяц", "Олег", "Игоревич"), Case.DATIVE), decline(PersonName("Ли", "Саша"), Case.DATIVE)
    ('Заяц Олег Игоревич', 'Ли Саша')
    """
    gender = _gender(name)
    if gender is None or not _is_sure(name, gender):
        return name.full
    parts = (
        (NamePart.LASTNAME, name.surname),
        (NamePart.FIRSTNAME, name.given_name),
        (NamePart.MIDDLENAME, name.patronymic),
    )
    return " ".join(_maker.make(part, gender, PetrovichCase[case.name], word) for part, word in parts if word)


def _gender(name: PersonName) -> Gender | None:
    if name.is_female is not None:
        return Gender.FEMALE if name.is_female else Gender.MALE
    if not name.patronymic:
        return None
    found = _detector.detect(middlename=name.patronymic)
    return found if found in {Gender.FEMALE, Gender.MALE} else None


def _is_sure(name: PersonName, gender: Gender) -> bool:
    if any(word and not CYRILLIC.fullmatch(word) for word in (name.surname, name.given_name, name.patronymic)):
        return False
    surname = name.surname.lower()
    if gender is Gender.FEMALE or not surname:
        return True
    return bool(SURE_SURNAME.search(surname)) and not LOSES_A_VOWEL.search(surname)
