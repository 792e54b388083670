"""What a password must be, former passwords, and one-time passwords.

Source: domain handbook 10 §3, row 3 (length and four classes); the last five — issue of the customer, assumed.
"""

import re
import secrets
import string
from typing import Any

from django.contrib.auth import password_validation
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.db import transaction

from opora.audit.services import record
from opora.organisations.models import Employee, PasswordTrace
from opora.shared.layout import to_latin, to_russian

LENGTH = 8
KEPT = 5
CLASSES = {
    "строчная буква": re.compile(r"[a-zа-яё]"),
    "заглавная буква": re.compile(r"[A-ZА-ЯЁ]"),
    "цифра": re.compile(r"\d"),
    "знак (например, ! или -)": re.compile(r"[^\w\s]|_"),
}
SENTENCES = [
    f"Не короче {LENGTH} знаков.",
    "Есть строчная и заглавная буквы, цифра и знак препинания.",
    f"Не один из {KEPT} прежних паролей.",
    "Не из списка частых паролей и не похож на ваши имя и логин.",
]


class FourClasses:
    """A lower-case and a capital letter, a digit and a sign, in any alphabet."""

    def validate(self, password: str, user: Any = None) -> None:
        if missing := [name for name, pattern in CLASSES.items() if not pattern.search(password)]:
            raise ValidationError(f"Добавьте в пароль: {', '.join(missing)}.", code="password_classes")

    def get_help_text(self) -> str:
        return SENTENCES[1]


class LongEnough(password_validation.MinimumLengthValidator):
    def validate(self, password: str, user: Any = None) -> None:
        if len(password) < self.min_length:
            raise ValidationError(f"Пароль короткий: нужно не меньше {self.min_length} знаков.", code="password_short")

    def get_help_text(self) -> str:
        return SENTENCES[0]


class NotCommon(password_validation.CommonPasswordValidator):
    """Not among the twenty thousand commonest, typed in either layout, with or without digits around it."""

    def validate(self, password: str, user: Any = None) -> None:
        bare = password.lower().strip()
        words = {bare, to_russian(bare), to_latin(bare)}
        words |= {word.strip(string.punctuation + string.digits) for word in words}
        if words & (self.passwords | RUSSIAN_COMMON):
            raise ValidationError(
                "Такой пароль подберут первым: он из списка самых частых или от него отличается только цифрами.",
                code="password_common",
            )

    def get_help_text(self) -> str:
        return SENTENCES[3]


RUSSIAN_COMMON = {"пароль", "йцукен", "йцукенг", "привет", "любовь", "наташа", "солнышко", "администратор", "опора"}


class NotAboutOneself(password_validation.UserAttributeSimilarityValidator):
    def __init__(self) -> None:
        super().__init__(("login", "surname", "given_name", "patronymic", "email"))

    def validate(self, password: str, user: Any = None) -> None:
        try:
            super().validate(password, user)
            super().validate(to_russian(password), user)
        except ValidationError as fault:
            raise ValidationError(
                "Пароль похож на ваше имя, логин или почту — выберите другой.", code="password_similar"
            ) from fault

    def get_help_text(self) -> str:
        return SENTENCES[3]


class NotUsedBefore:
    """None of the last five, the present one among them."""

    def validate(self, password: str, user: Any = None) -> None:
        if user is None or not user.pk:
            return
        traces = PasswordTrace.objects.filter(employee_id=user.pk).values_list("password", flat=True)[:KEPT]
        if any(check_password(password, former) for former in dict.fromkeys([user.password, *traces])):
            raise ValidationError(
                f"Этот пароль у вас уже был. Нельзя повторять {KEPT} последних.", code="password_used"
            )

    def get_help_text(self) -> str:
        return SENTENCES[2]


@transaction.atomic
def change_password(employee: Employee, password: str, *, by: Any, must_change: bool = False) -> None:
    """Give ``employee`` a password that the caller has validated; the former ones are remembered."""
    employee.set_password(password)
    employee.must_change_password = must_change
    employee.save(update_fields=["password", "must_change_password"])
    PasswordTrace.objects.create(employee=employee, password=employee.password)
    kept = PasswordTrace.objects.filter(employee=employee).values_list("pk", flat=True)[:KEPT]
    PasswordTrace.objects.filter(employee=employee).exclude(pk__in=list(kept)).delete()
    record("entrance.password.issued" if must_change else "entrance.password.changed", employee, by=by)


def issue_one_time_password(employee: Employee, *, by: Any) -> str:
    """Return a new password that lets ``employee`` in once: she is asked for her own straight away."""
    password = one_time_password()
    change_password(employee, password, by=by, must_change=True)
    return password


def one_time_password() -> str:
    """Return three groups that are easy to read aloud and obey the rules: ``Kovu-3816-ramB``."""
    consonants, vowels = "bdfgkmnprstvz", "aeiou"

    def syllables() -> str:
        return "".join(secrets.choice(consonants) + secrets.choice(vowels) for _ in range(2))

    return f"{syllables().capitalize()}-{secrets.randbelow(9000) + 1000}-{syllables()}"
