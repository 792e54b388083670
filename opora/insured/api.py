"""Insured people for programs of partners: looked for by what identifies one person, read one at a time."""

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Path, Router, Schema
from ninja.responses import Status
from pydantic import Field, model_validator

from opora.access.api import answers
from opora.access.rights import Right
from opora.audit import services as audit
from opora.audit.models import AuditLine
from opora.insured.eligibility import facts, of_person
from opora.insured.eligibility.page import Line, lines
from opora.insured.models import Person
from opora.insured.search import trace
from opora.insured.search.find import find
from opora.insured.search.parse import parse

router = Router(tags=["Застрахованные"])
Number = Annotated[str, Field(max_length=40)]
Name = Annotated[str, Field(max_length=100)]


class SearchIn(Schema):
    """One of: ЕНП, СНИЛС, phone, or surname with given name and birth date."""

    enp: Number = ""
    snils: Number = ""
    phone: Number = ""
    surname: Name = ""
    given_name: Name = ""
    patronymic: Name = ""
    birth_on: date | None = None

    @model_validator(mode="after")
    def names_one_person(self) -> "SearchIn":
        by_name = self.surname.strip() and self.given_name.strip() and self.birth_on
        if not (by_name or any(sum(map(str.isdigit, number)) >= 10 for number in (self.enp, self.snils, self.phone))):
            raise ValueError("Нужен ЕНП, СНИЛС или телефон целиком либо фамилия, имя и дата рождения")
        return self

    @property
    def text(self) -> str:
        if number := next((number for number in (self.enp, self.snils, self.phone) if number.strip()), ""):
            return number
        return f"{self.surname} {self.given_name} {self.patronymic} {self.birth_on:%d.%m.%Y}"


class PersonBrief(Schema):
    id: int
    surname: str
    given_name: str
    patronymic: str
    birth_on: date
    enp: str


class PersonOut(PersonBrief):
    """A person as partners see him; contacts, documents and history stay inside."""

    snils: str
    sex: str
    insurer: str
    provider: str


class SearchOut(Schema):
    people: list[PersonBrief]
    has_more: bool = Field(description="Подошло больше людей, чем показано")


class MeasureOut(Schema):
    """One measure of the year: how it stands, why, and by which rule."""

    measure: str
    title: str
    status: str = Field(description="due, passed, not_due, excluded, by_list")
    reason: str
    sentence: str = Field(description="Объяснение словами")
    due_year: int | None
    earliest_on: date | None
    known_on: date | None = Field(description="День посещения, списка или отказа, о котором говорит reason")
    where: str = Field(description="Клиника прикрепления")
    rule: str
    pack: str = Field(description="Пак и версия правила")
    source: str
    is_verified: bool | None = Field(description="Правило сверено с актом; null — правила нет")


class EligibilityOut(Schema):
    id: int
    on: date
    visits_are_known: bool = Field(description="Сообщают ли сюда о посещениях: если нет, due не значит «не был»")
    measures: list[MeasureOut]


class Refusal(Schema):
    code: str
    message: str


@router.post("/insured/search", response=SearchOut, summary="Найти человека")
@answers(Right.INSURED_SEARCH)
def search(request: HttpRequest, wanted: SearchIn) -> SearchOut:
    """Поиск по ЕНП, СНИЛС, телефону или фамилии, имени и дате рождения. Каждый остаётся в журнале доступа."""
    caller: Any = request.auth  # type: ignore[attr-defined]
    query = parse(wanted.text, today=timezone.localdate())
    found = find(query, caller)
    trace.record(query, found, by=caller, purpose=caller.purpose)
    return SearchOut(people=[PersonBrief(**_brief(hit.person)) for hit in found.hits], has_more=found.has_more)


@router.get("/insured/{id}", response={200: PersonOut, 404: Refusal}, summary="Прочитать карточку")
@answers(Right.INSURED_VIEW)
def person(request: HttpRequest, id: Annotated[int, Path(ge=1, le=2**63 - 1)]) -> Any:
    """Карточка одного человека. Чтение остаётся в журнале доступа."""
    caller: Any = request.auth  # type: ignore[attr-defined]
    row = Person.objects.accessible_to(caller).select_related("insurer", "provider").filter(pk=id).first()
    if row is None:
        subject = (Person._meta.label_lower, str(id))
        not_found = AuditLine.Result.NOT_FOUND
        audit.record("insured.card.read", subject, by=caller, purpose=caller.purpose, result=not_found)
        refusal = Refusal(code="not_found", message="Такого человека нет среди тех, кого вам можно видеть.")
        return Status(404, refusal)
    audit.record("insured.card.read", row, by=caller, purpose=caller.purpose)
    return PersonOut(
        **_brief(row),
        snils=row.snils or "",
        sex=row.get_sex_display(),
        insurer=row.insurer.name if row.insurer else "",
        provider=row.provider.name if row.provider else "",
    )


@router.get("/insured/{id}/eligibility", response={200: EligibilityOut, 404: Refusal}, summary="Право на осмотры")
@answers(Right.INSURED_VIEW)
def eligibility(request: HttpRequest, id: Annotated[int, Path(ge=1, le=2**63 - 1)]) -> Any:
    """Что положено человеку в этом году и почему. Чтение остаётся в журнале доступа."""
    caller: Any = request.auth  # type: ignore[attr-defined]
    people = Person.objects.accessible_to(caller).select_related("provider", "territory")
    row = people.filter(pk=id).first()
    subject = row or (Person._meta.label_lower, str(id))
    result = AuditLine.Result.DONE if row else AuditLine.Result.NOT_FOUND
    audit.record("insured.eligibility.read", subject, by=caller, purpose=caller.purpose, result=result)
    if row is None:
        refusal = Refusal(code="not_found", message="Такого человека нет среди тех, кого вам можно видеть.")
        return Status(404, refusal)
    on = timezone.localdate(timezone=row.zone)
    decisions, book = of_person(row, on, holds=caller.holds)
    measures = [_measure(line) for line in lines(decisions, book, on)]
    return EligibilityOut(id=row.pk, on=on, visits_are_known=facts.knows_visits(), measures=measures)


def _measure(line: Line) -> MeasureOut:
    found = line.decision
    return MeasureOut(
        measure=found.measure,
        title=line.title,
        status=found.status,
        reason=found.reason,
        sentence=line.sentence,
        due_year=found.due_year,
        earliest_on=found.earliest_on,
        known_on=found.known_on,
        where=found.where,
        rule=found.rule.code if found.rule else "",
        pack=found.pack,
        source=found.source,
        is_verified=found.rule.is_verified if found.rule else None,
    )


def _brief(person: Person) -> dict[str, Any]:
    names = {name: getattr(person, name) for name in ("surname", "given_name", "patronymic")}
    return {"id": person.pk, **names, "birth_on": person.birth_on, "enp": person.enp or ""}
