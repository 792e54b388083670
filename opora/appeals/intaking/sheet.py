"""What the page shows for what has been typed so far: the person, his cases, the topic, the answer to say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import QueryDict
from django.utils import timezone

from opora.access.rights import Right
from opora.appeals import waits, ways
from opora.appeals.actor import Actor, actor_of
from opora.appeals.commonest import common_topics
from opora.appeals.intaking.fields import OWNER, IntakeForm
from opora.appeals.models import Appeal
from opora.appeals.policies import needs_approval
from opora.appeals.queries import cases_of
from opora.appeals.ways import Way
from opora.classifiers import queries as classifiers
from opora.classifiers.errors import NoEdition
from opora.classifiers.models import Edition, Topic
from opora.classifiers.words import Channel, Flag, Kind, Line
from opora.insured import card as cards
from opora.insured import eligibility
from opora.insured.card import Card
from opora.insured.models import Person
from opora.insured.rules import age
from opora.knowledge import queries as knowledge
from opora.knowledge import suggesting
from opora.knowledge.queries import Spoken
from opora.knowledge.rules import RedFlag, red_flag
from opora.organisations.models import Organisation
from opora.shared import phones

if TYPE_CHECKING:
    from opora.organisations.models import Employee

ADULT, OLD = 18, 65
MOST, ANSWERS = 6, 3
NEVER_KEPT = {
    "csrfmiddlewaretoken",
    "next",
    "q",
    "topic_q",
    "asked",
    "card",
    "clinic_q",
    "pick",
    "step",
    "base",
    "draft",
}
OWN_LINES = {
    Organisation.Kind.FUND: (Line.OP1, Line.OP2),
    Organisation.Kind.INSURER: (Line.SP1, Line.SP2, Line.SP3),
    Organisation.Kind.BRANCH: (Line.SP1, Line.SP2, Line.SP3),
}
CHANNELS = {Line.SP1: Channel.HOT_LINE, Line.OP1: Channel.HOT_LINE, Line.SP3: Channel.POST}


@dataclass(frozen=True, slots=True)
class ReasonRow:
    """One row of reasons as it is typed."""

    topic: str = ""
    provider: str = ""
    provider_name: str = ""
    note: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.topic or self.provider or self.provider_name.strip() or self.note.strip())


class Sheet:
    """``data`` is what the page has sent or the draft has kept; every property asks the database once, when asked."""

    def __init__(self, employee: Employee, data: QueryDict, draft: UUID, *, step: int = 0) -> None:
        self.employee = employee
        self.data = data
        self.draft = draft
        self.step = step
        self.actor: Actor = actor_of(employee)
        self.today: date = timezone.localdate()
        self.flag: RedFlag | None = red_flag(data.get("text", ""))

    @cached_property
    def form(self) -> IntakeForm:
        """The fields as typed; the view puts a bound form here when something is to be mended."""
        return IntakeForm(initial=self._initial(), targets=self.targets, waited=self.waited)

    # who

    @cached_property
    def person(self) -> Person | None:
        number = self.data.get("person", "")
        if not number.isdecimal() or len(number) > 18:
            return None
        people = Person.objects.accessible_to(self.employee)
        return people.select_related("territory", "insurer__territory", "provider__territory").filter(pk=number).first()

    @cached_property
    def card(self) -> Card | None:
        return cards.of(self.person) if self.person else None

    @property
    def card_phone(self) -> str:
        """Where the register would phone him."""
        best = self.card.best_phone if self.card else None
        return f"+{best.normalised}" if best else ""

    @property
    def may_keep_phone(self) -> bool:
        return self.employee.holds(Right.INSURED_EDIT)

    @cached_property
    def eligibility(self) -> str:
        return eligibility.of_card(self.card, holds=self.employee.holds) if self.card else ""

    @property
    def is_nameless(self) -> bool:
        return bool(self.data.get("nameless")) and self.person is None

    @property
    def is_said(self) -> bool:
        """Somebody who is not in the register: he is written down as he called himself."""
        return self.person is None and any(self.data.get(name) for name in ("surname", "given_name", "said"))

    @cached_property
    def cases(self) -> list[Appeal]:
        phone = phones.normalise(self.data.get("phone", "")) or ""
        number = (self.person.enp if self.person else self.data.get("enp", "")) or ""
        person_id = self.person.pk if self.person else None
        return list(cases_of(self.employee, person_id=person_id, phone=phone, enp=number))

    @property
    def open_cases(self) -> int:
        return sum(case.closed_at is None for case in self.cases)

    @cached_property
    def repeated(self) -> Appeal | None:
        """The earlier appeal she has linked this one to."""
        return next((case for case in self.cases if str(case.pk) == self.data.get("repeats")), None)

    # what about

    @property
    def kind(self) -> str:
        given = self.data.get("kind", "")
        return given if given in Kind.values else Kind.CONSULTATION

    @cached_property
    def edition(self) -> Edition | None:
        try:
            return classifiers.current_edition(self.actor.territory, self.today)
        except NoEdition:
            return None

    @cached_property
    def topic(self) -> Topic | None:
        code = self.data.get("topic", "")
        found = classifiers.topics_of(self.edition) if code and self.edition else ()
        return next((topic for topic in found if topic.code == code and self.kind in topic.kinds), None)

    @cached_property
    def common(self) -> list[Topic]:
        return common_topics(self.actor, self.kind, self.edition) if self.edition else []

    @cached_property
    def complaint_topics(self) -> list[Topic]:
        found = classifiers.topics_of(self.edition) if self.edition else ()
        return [topic for topic in found if Kind.COMPLAINT in topic.kinds]

    def found_topics(self, text: str) -> list[Topic]:
        """Topics that fit the words, ordered also by what operators chose for such words."""
        if self.edition is None:
            return []
        also = suggesting.hints(self.actor.territory, text)
        return classifiers.find_in(self.edition, text, self.kind, limit=8, also=also)

    def found_answers(self, text: str) -> list[Spoken]:
        """Answers that fit the words and whose topic may be chosen: picked, they bring their topic along."""
        if not self.employee.holds(Right.KNOWLEDGE_VIEW) or self.edition is None:
            return []
        may = {topic.code for topic in classifiers.topics_of(self.edition) if self.kind in topic.kinds}
        found = knowledge.find_cards(text, territory=self.actor.territory, level=self.level, on=self.today, most=MOST)
        return [answer for answer in found if answer.text.topic_code in may][:ANSWERS]

    @cached_property
    def answers(self) -> list[Spoken]:
        """Approved answers to the topic; the one she picked by its words stands first."""
        if self.topic is None or not self.employee.holds(Right.KNOWLEDGE_VIEW):
            return []
        found = knowledge.cards_for(self.topic.code, self.actor.territory, self.level, self.today)
        return sorted(found, key=lambda answer: str(answer.card.pk) != self.data.get("card", ""))

    @property
    def spoken(self) -> Spoken | None:
        """The answer to say."""
        return next(iter(self.answers), None)

    @property
    def level(self) -> int:
        """Whose answers she may give; a role without a level answers as the third."""
        return self.employee.representative_level or 3

    @property
    def asked(self) -> str:
        """The words she searched the topic by: an editor sees them without names when there is no answer."""
        return str(self.data.get("topic_q", "") or self.data.get("asked", ""))[:200]

    @cached_property
    def why_open(self) -> str:
        """Why it is not closed in the breath in which it is taken, in words; empty — «Ответ дан» may be pressed."""
        if self.kind == Kind.COMPLAINT:
            return "Жалобу сразу не закрывают: возьмите её себе или передайте."
        if not self.employee.holds(Right.APPEALS_CLOSE):
            return "Обращения закрывают другие сотрудники: возьмите его себе или передайте."
        if needs_approval(self.actor.holder, self.kind):
            return "Ответ сначала утверждает руководитель: возьмите обращение себе, ответ останется черновиком."
        return ""

    @property
    def may_close(self) -> bool:
        return not self.why_open

    @property
    def sure_flags(self) -> list[str]:
        """What the topic and the age say by themselves; she adds the rest."""
        found = {str(flag) for flag in self.topic.flags} if self.topic else set()
        if self.person:
            years = age(self.person.birth_on, self.today)
            found |= {str(Flag.CHILD)} if years < ADULT else {str(Flag.AGE_65)} if years >= OLD else set()
        return [str(label) for value, label in Flag.choices if value in found]

    @property
    def sure_flag_codes(self) -> set[str]:
        return {value for value, label in Flag.choices if str(label) in self.sure_flags}

    @property
    def reasons(self) -> list[ReasonRow]:
        """Rows of reasons; a complaint has at least one, with the person's clinic."""
        columns = [self.data.getlist(f"reason_{name}") for name in ("topic", "provider", "provider_name", "note")]
        rows = [ReasonRow(*row) for row in zip(*columns, strict=False)]
        return rows or [self.first_reason]

    @property
    def first_reason(self) -> ReasonRow:
        clinic = self.person.provider if self.person else None
        return ReasonRow(provider=str(clinic.pk), provider_name=clinic.name) if clinic else ReasonRow()

    @cached_property
    def waited(self) -> list[tuple[str, str]]:
        """Services a wait can be told of; read from memory."""
        return waits.services(self.actor.territory)

    @property
    def waits_in(self) -> ReasonRow:
        """The clinic somebody waits in: the one typed, else the person's own."""
        if "wait_provider_name" not in self.data:
            return self.first_reason
        named = self.data.get("wait_provider_name", "")
        return ReasonRow(provider=self.data.get("wait_provider", ""), provider_name=named)

    # how and where to

    @cached_property
    def default_channel(self) -> str:
        assignment = self.employee.assignment
        if assignment is not None and assignment.post_id:
            return Channel.CLINIC_POST
        return CHANNELS.get(self.actor.line, Channel.VISIT)

    @property
    def channel_words(self) -> str:
        return str(Channel(self.data.get("channel") or self.default_channel).label)

    @cached_property
    def targets(self) -> list[tuple[str, str]]:
        """To whom she may hand over at once: lines of her own organisation, the fund and insurers of the territory."""
        organisation = self.actor.organisation
        own = OWN_LINES.get(Organisation.Kind(organisation.kind), ())
        found = [(f"line:{line}", f"{line.label}, {organisation.name}") for line in own]
        kinds = [Organisation.Kind.FUND, Organisation.Kind.INSURER]
        here = Organisation.objects.current().filter(territory=self.actor.territory, kind__in=kinds)
        others = here.exclude(pk__in=[organisation.pk, self.actor.holder])
        found += [(f"org:{other.pk}", other.name) for other in others.order_by("kind", "name")]
        return [*found, (OWNER, "Тому, кто ведёт связанное обращение"), *self._offered(found)]

    @cached_property
    def ways(self) -> list[Way]:
        """Where the rules would have it go: asked only when somebody is about to hand it over."""
        return ways.of_intake(self)

    def _offered(self, known: list[tuple[str, str]]) -> list[tuple[str, str]]:
        """The chosen place that only the routes name: a line of another organisation that is not its first one."""
        chosen = self.data.get("to", "")
        if chosen.count(":") != 2 or chosen in dict(known):
            return []
        return [(chosen, way.title) for way in self.ways if way.value == chosen]

    def _initial(self) -> dict[str, Any]:
        """Values of the page as its widgets want them; where nothing was typed, the defaults of her line."""
        given: dict[str, Any] = {name: self.data.get(name) for name in self.data}
        given["flags"] = self.data.getlist("flags")
        return {"channel": self.default_channel, "kind": Kind.CONSULTATION, "identified": "no"} | {
            name: value for name, value in given.items() if value not in (None, "")
        }


def kept(data: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return what a draft keeps of a sent form."""
    lists = data.lists() if isinstance(data, QueryDict) else data.items()
    return {
        name: values for name, values in lists if (name not in NEVER_KEPT and any(values)) or name.startswith("reason_")
    }


def typed(body: Mapping[str, list[str]]) -> QueryDict:
    """Return the form of a draft's body."""
    data = QueryDict(mutable=True)
    for name, values in body.items():
        data.setlist(name, values)
    return data
