"""Every list we can send: what it is made of, who sends it, what has to be said for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from opora.exchange.findings import Record
from opora.exchange.writers.khakassia import DspnReturn
from opora.exchange.writers.lists import LIST_WRITERS
from opora.organisations.models import Organisation

FUND, INSURER, BRANCH = Organisation.Kind.FUND, Organisation.Kind.INSURER, Organisation.Kind.BRANCH
ANYBODY, OF_FUND, OF_INSURER = (FUND, INSURER, BRANCH), (FUND,), (INSURER, BRANCH)


class Made(StrEnum):
    """What the records of a file are made of."""

    PEOPLE = "people"  # of a list that came, or of the plan
    FACTS = "facts"  # what we did in a period
    CONSENTS = "consents"  # given or withdrawn in a period
    CASES = "cases"  # a list with what was done for each of its people
    ANSWER = "answer"  # what became of each record of a list
    BACK = "back"  # a list as it came with our facts
    MERGED = "merged"  # lists of clinics of one month


GROUPS = {
    Made.PEOPLE: "Кого информировать",
    Made.FACTS: "Кого информировали",
    Made.CONSENTS: "Согласия и отзывы",
    Made.CASES: "Ответы об информировании",
    Made.BACK: "Ответы об информировании",
    Made.ANSWER: "Ответы клиникам",
    Made.MERGED: "Сводные списки",
}
FIELDS = {
    Made.PEOPLE: ("roll", "year", "quarter", "month", "measure", "provider"),
    Made.FACTS: ("since", "until", "measure"),
    Made.CONSENTS: ("since", "until", "purpose"),
    Made.CASES: ("roll",),
    Made.ANSWER: ("roll",),
    Made.BACK: ("roll",),
    Made.MERGED: ("year", "month"),
}


@dataclass(frozen=True, slots=True)
class Recipe:
    """``rolls`` are formats of lists it may be made of, empty — any; ``is_health`` — it tells diagnoses.

    ``is_of_person``: all measures of a person are one record. ``names_key`` is how an answer names a record.
    """

    slug: str
    title: str
    made: Made
    senders: tuple[str, ...] = ANYBODY
    rolls: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    is_health: bool = False
    is_of_person: bool = False
    needs_package: bool = False
    names_key: Callable[[Record], str] = lambda record: record.key

    @property
    def system(self) -> str:
        return self.slug.partition("-")[0]

    @property
    def asks(self) -> tuple[str, ...]:
        return self.fields or FIELDS[self.made]

    @property
    def group(self) -> str:
        return GROUPS[self.made]


def _recipe(slug: str, made: Made, **fields: object) -> Recipe:
    return Recipe(slug, LIST_WRITERS[slug].title, made, **fields)  # type: ignore[arg-type]


PERIOD = FIELDS[Made.FACTS]
RECIPES: dict[str, Recipe] = {
    one.slug: one
    for one in (
        _recipe("psk-plan-csv", Made.PEOPLE),
        _recipe("prof-preventive-list", Made.PEOPLE, is_of_person=True),
        _recipe("prm-prof59-quarter", Made.PEOPLE),
        _recipe("stv-people-xml", Made.PEOPLE),
        _recipe("vlg-r01-r11-persons", Made.PEOPLE),
        _recipe("opora-informing-csv", Made.PEOPLE),
        _recipe("opora-informing-xlsx", Made.PEOPLE),
        _recipe("nsk-informing-xlsx", Made.FACTS, senders=OF_INSURER),
        _recipe("nsk-survey-xlsx", Made.FACTS, senders=OF_INSURER, fields=("since", "until", "purpose")),
        _recipe("kk-evfactinfos-soap", Made.FACTS, senders=OF_INSURER, needs_package=True),
        _recipe(
            "ch15-individual-informing-json",
            Made.FACTS,
            senders=OF_INSURER,
            fields=("since", "until"),
            is_health=True,
            needs_package=True,
            names_key=lambda record: str(record.place),
        ),
        _recipe("nsk-consent-xlsx", Made.CONSENTS, senders=OF_INSURER),
        _recipe("kbr-dpo-informing-answer", Made.CASES, senders=OF_INSURER, rolls=("kbr-dpl-list",)),
        Recipe(
            DspnReturn.slug,
            DspnReturn.title,
            Made.BACK,
            rolls=("dspn-dn-informing",),
            is_health=True,
        ),
        _recipe(
            "rpl-answer-dspn-prof",
            Made.ANSWER,
            senders=OF_FUND,
            rolls=("dspn-dn-informing", "prof-preventive-list"),
        ),
        _recipe(
            "vlg-answers-r02-r12-d02",
            Made.ANSWER,
            senders=OF_FUND,
            rolls=("vlg-r01-r11-persons", "vlg-d01-observation"),
        ),
        Recipe("gst-dn-list", "Список диспансерного наблюдения региона (GST)", Made.MERGED, OF_FUND, is_health=True),
        Recipe("gpt-gpm-dn-plan", "План явок региона (GPT)", Made.MERGED, OF_FUND, is_health=True),
    )
}
SOURCES = {"gst-dn-list": "gsm-dn-list-mo", "gpt-gpm-dn-plan": "gpt-gpm-dn-plan"}
