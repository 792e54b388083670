"""What is written to the demonstration: mailboxes of the insurer and the fund, questions of their sites, answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.appeals.intake import NewAppeal, NewParty, register
from opora.appeals.words import PartyRole
from opora.channels.models import Provider
from opora.classifiers import queries as classifiers
from opora.doors import services
from opora.doors.codes import code_of
from opora.doors.models import Door, Message, Thread
from opora.doors.services.fetching import take_in
from opora.doors.shapes import Attached, Incoming, Kind
from opora.doors.words import Kind as DoorKind
from opora.doors.words import Rule, State
from opora.insured.models import Contact, Person
from opora.organisations.models import Employee
from opora.portal.services.sending import number_of
from opora.portal.services.sites import door_of
from opora.simulation.demo_boxes import BOXES
from opora.simulation.demo_letters import GREETING, MACHINES, MAIL, SITE, STORIES, Step, Story
from opora.simulation.demo_mail import HOST, PASSWORD, ensure_provider
from opora.simulation.moments import at

SYSTEM = Scope.system("doors of the demonstration")
REFUSED = "37"  # the house of mail refuses or returns letters to addresses that end so
TITLES = {"sp1": "Почта страховой", "op1": "Почта фонда"}


@dataclass(frozen=True, slots=True)
class Shown:
    """What a citizen would type to look at the state of his appeal."""

    number: str
    code: str


def ensure_doors(logins: dict[str, str], smtp: int, imap: int) -> None:
    """Bring the mailboxes and what was written; point the mailboxes at this start's house of mail."""
    with enter(SYSTEM):
        people = {role: Employee.objects.get(login=logins[role]) for role in ("sp1", "sp2", "op1")}
        doors = {role: _doors(people[role], BOXES[role], TITLES[role], smtp, imap) for role in BOXES}
        if Thread.objects.exists():
            return
        writers = {role: _writers(people[role], role) for role in BOXES}
    now = timezone.now()
    for number, story in enumerate(STORIES):
        if number not in writers[story.by]:  # nobody has an address in a demonstration of a few people
            continue
        _Talk(story, number, doors[story.by][story.door], people, writers[story.by][number], now).play()
    for number, (kind, subject, text) in enumerate(MACHINES):
        letter = Incoming(
            f"<machine-{number}@nobody.example>",
            "mailer-daemon@nobody.example",
            text,
            subject=subject,
            kind=Kind(kind),
        )
        services.receive(doors["sp1"][MAIL], letter)


def code_to_look_at() -> Shown | None:
    """Return the number and the code of an answered appeal that came by a site. Two questions."""
    with enter(SYSTEM):
        asked = Thread.objects.filter(door__kind=DoorKind.SITE, state=State.REGISTERED).select_related("appeal")
        found = asked.order_by("opened_at", "pk").first()
        return Shown(number_of(found), code_of(found.pk, found.code_digest)) if found else None


class _Talk:
    """Steps of one thread, each made by who would make it, at its moment, through the services of the room."""

    def __init__(
        self,
        story: Story,
        number: int,
        door: Door,
        people: dict[str, Employee],
        writer: tuple[Person, str],
        now: datetime,
    ) -> None:
        self.story, self.number, self.door, self.people, self.now = story, number, door, people, now
        self.person, self.address = writer
        if story.stranger:
            self.address = f"pismo-{number}@pochta.example"
        self.thread: Thread
        self.answer: Message

    def play(self) -> None:
        story = self.story
        with at(self._moment(story.ago)):
            self._comes(story.text, story.subject, files=story.files)
        for place, step in enumerate(story.steps):
            with at(self._moment(step.ago)), enter(self._by(step).scope):
                if step.what != "register":
                    self._does(step, place)
            if step.what == "register":
                self._registered(step)

    def _moment(self, ago: float) -> datetime:
        return self.now - timedelta(hours=ago)

    def _by(self, step: Step) -> Employee:
        return self.people[step.by or self.story.by]

    def _does(self, step: Step, place: int) -> None:
        by = self._by(step)
        match step.what:
            case "take":
                services.take(self.thread.pk, by=by)
            case "reply":
                self.answer = services.reply(self.thread, step.words, by=by)
                if self.door.kind == DoorKind.SITE:  # a letter is carried away by the worker
                    services.deliver(self.answer.pk)
            case "close":
                services.close(self.thread.pk, step.words, by=by)
            case "writes":
                self._comes(step.words, f"Re: {self.story.subject}", place=place + 1)
            case "returned":
                self._comes("The letter could not be delivered.", "Undelivered", kind=Kind.BOUNCE, place=place + 1)
            case "away":
                self._comes(step.words, "Автоответ", kind=Kind.AUTO_REPLY, place=place + 1)

    def _comes(
        self,
        text: str,
        subject: str,
        *,
        kind: Kind = Kind.MESSAGE,
        place: int = 0,
        files: tuple[tuple[str, bytes], ...] = (),
    ) -> None:
        story, person = self.story, self.person
        is_mail, is_known = self.door.kind == DoorKind.MAIL, not story.stranger
        words = text.replace("{phone}", _phone(person)).replace("{enp}", person.enp or "")
        letter = Incoming(
            f"<{self.number}-{place}@letters.example>" if is_mail else f"site:demo-{self.number}-{place}",
            "mailer-daemon@pochta.example" if kind == Kind.BOUNCE else self.address,
            words,
            subject=subject,
            at=timezone.now(),
            files=[Attached(name, content) for name, content in files],
            name=f"{person.given_name} {person.surname}" if is_known else story.stranger,
            kind=kind,
            reply_to=self.answer.external_id if place else "",
            person=person if not is_mail and is_known else None,
            meta={"code": "5.1.1"} if kind == Kind.BOUNCE else {},
        )
        taken = take_in(self.door, letter) if is_mail else services.receive(self.door, letter)
        if taken.thread is not None:
            self.thread = taken.thread

    def _registered(self, step: Step) -> None:
        """Register today: the journal and its proof know no other day than the present one."""
        by = self._by(step)
        with enter(by.scope):
            assert by.assignment is not None  # noqa: S101 - who plays in the demonstration works somewhere
            home = by.assignment.organisation.territory_id
            topic = classifiers.topic_for(step.words, home, timezone.localdate())
            email = self.address if "@" in self.address else ""
            done = register(
                NewAppeal(
                    kind="application" if "application" in topic.kinds else "consultation",
                    topic=topic,
                    channel=self.door.channel,
                    standing="contact",
                    text=self.story.text,
                    received_at=self._moment(self.story.ago),
                    parties=[NewParty.of_register(PartyRole.APPLICANT, self.person, email=email)],
                    mine=True,
                ),
                by=by,
            )
            services.link(self.thread.pk, done.number, is_applicants=True, by=by)


def _doors(by: Employee, address: str, title: str, smtp: int, imap: int) -> dict[str, Door]:
    assert by.assignment is not None  # noqa: S101 - who plays in the demonstration works somewhere
    organisation = by.assignment.organisation
    provider: Provider = ensure_provider(organisation, smtp, imap)
    mail, _ = Door.objects.get_or_create(
        organisation=organisation,
        slug="mail",
        defaults={"kind": DoorKind.MAIL, "title": title, "rule": Rule.CONTACT, "greeting": GREETING},
    )
    mail.address, mail.provider = address, provider
    mail.settings = {"host": HOST, "port": imap, "tls": False, "login": address, "folder": "INBOX", "plus": False}
    mail.keep_secrets({"password": PASSWORD})
    mail.save()
    return {MAIL: mail, SITE: door_of(organisation)}


def _writers(by: Employee, role: str) -> dict[int, tuple[Person, str]]:
    """Return for each story of a role somebody with an address the house of mail takes letters for."""
    found = Contact.objects.filter(kind=Contact.Kind.EMAIL, person__in=Person.objects.accessible_to(by))
    found = found.filter(person__died_on=None, person__birth_on__year__lt=timezone.now().year - 20)
    phones = Contact.objects.filter(kind=Contact.Kind.PHONE, person=OuterRef("person"))
    order = (
        "person_id" if role == "sp1" else "-person_id"
    )  # who wrote to the fund is hardly he who wrote to the insurer
    rows = found.filter(Exists(phones)).select_related("person").order_by(order, "pk")[: 4 * len(STORIES)]
    free = {row.person: row.normalised for row in rows if row.normalised.partition("@")[0][-1] not in REFUSED}
    chosen = {}
    for number, story in enumerate(STORIES):
        if story.by == role and free:
            person = next((one for one in free if story.sex in (0, one.sex)), next(iter(free)))
            chosen[number] = person, free[person]
            if len(free) > 1:  # a small demonstration has fewer people than stories
                del free[person]
    return chosen


def _phone(person: Person) -> str:
    with enter(SYSTEM):
        row = Contact.objects.filter(person=person, kind=Contact.Kind.PHONE).order_by("pk").first()
    return f"+{row.normalised}" if row else ""
