"""Paper of the demonstration: letters that came, one with a scan, answers that leave by post, rooms of a clinic."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

from django.db import transaction
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.appeals import services as journal
from opora.appeals.errors import AppealsError
from opora.appeals.intake import NewAppeal, NewParty, register
from opora.appeals.words import PartyRole
from opora.classifiers import queries as classifiers
from opora.mailroom import services
from opora.mailroom.models import Incoming
from opora.mailroom.services.registering import NewLetter
from opora.organisations.models import Employee, Post
from opora.posts import rooms
from opora.posts.models import Stop
from opora.posts.rooms import NewStop

# Invented people and houses; days are counted back from today.
CAME = (
    (0, "Громова Лидия Павловна", "registered", 3, "О взыскании расходов на лечение", ""),
    (0, "Министерство здравоохранения области", "courier", 5, "О жалобе жителей на запись к врачу", "17-1204/ОГ"),
    (1, "Ершов Семён Ильич", "hand", 2, "Просит объяснить отказ в направлении", ""),
    (3, "Клиника «Северная»", "post", 1, "О графике работы поста", "88"),
    (6, "Тихонова Раиса Максимовна", "post", 4, "О качестве лечения", ""),
)
LEAVES = (
    ("Ершов", "Семён", "Ильич", "630090, Новосибирск, ул. Ильича, д. 6, кв. 11"),
    ("Тихонова", "Раиса", "Максимовна", "630015, Новосибирск, ул. Королёва, д. 40, кв. 3"),
    ("Лавров", "Пётр", "Олегович", ""),
)
WAY = (
    NewStop("Регистратура", "окно 3, первый этаж", "паспорт и полис"),
    NewStop("Забор крови", "12, первый этаж", "натощак, до 10:00"),
    NewStop("Флюорография", "5, первый этаж"),
    NewStop("ЭКГ", "27, второй этаж", "", ("screening", "checkup")),
    NewStop("Спирометрия", "31, третий этаж", "", ("extended",)),
    NewStop("Терапевт", "20, второй этаж", "в конце пути"),
)
LETTER = "В страховую организацию\n\nПрошу помочь вернуть расходы\nна лекарства в стационаре.\nЧеки прилагаю."


def ensure_mailroom(*, clerk: str, representative: str) -> None:
    """Bring paper; the names are logins. One question when all is there."""
    with enter(Scope.system("paper of the demonstration")):
        if Incoming.objects.exists():
            return
        people = Employee.objects.in_bulk([clerk, representative], field_name="login")
    if len(people) == 2 and people[clerk].assignment is not None:
        _letters(people[clerk])
        _answers(people[clerk])
        _rooms(people[representative])


def _letters(clerk: Employee) -> None:
    today = timezone.localdate()
    for days, sender, way, sheets, about, number in reversed(CAME):
        came_on = today - timedelta(days=days)
        new = NewLetter(
            sender=sender, way=way, sheets=sheets, about=about, outside_number=number, came_on=came_on,
            sender_address="630000, Новосибирск, до востребования",
        )  # fmt: skip
        with enter(clerk.scope):
            letter = services.register(new, by=clerk)
            if days == 0 and not number:
                services.add_scan(letter.pk, name="письмо.pdf", content=_scan(), by=clerk)
            if days == 3:
                services.file_away(letter.pk, why="Служебная переписка", by=clerk)


def _answers(clerk: Employee) -> None:
    """Applications answered by post; the chainer hands them to the mailroom."""
    edition = classifiers.current_edition(clerk.assignment.organisation.territory_id, timezone.localdate())  # type: ignore[union-attr]
    topic = next((one for one in classifiers.topics_of(edition) if "application" in one.kinds), None)
    if topic is None:
        return
    for place, (surname, given_name, patronymic, address) in enumerate(LEAVES, start=1):
        party = NewParty(
            role=PartyRole.APPLICANT, surname=surname, given_name=given_name, patronymic=patronymic, address=address
        )
        given = NewAppeal(kind="application", topic=topic, channel="post", text="Письмо.", parties=[party], mine=True)
        try:
            with enter(clerk.scope), transaction.atomic():
                done = register(given, by=clerk)
                draft = journal.prepare_answer(done.id, text="Ваше заявление рассмотрено.", by=clerk)
                journal.send_answer(
                    draft.pk, channel="post", outgoing_number=f"{place}-исх", outgoing_on=timezone.localdate(), by=clerk
                )
        except AppealsError:
            continue  # the organisation wants an approval: then nothing leaves by itself


def _rooms(representative: Employee) -> None:
    with enter(representative.scope):
        post = Post.objects.filter(organisation=representative.assignment.organisation_id).first()  # type: ignore[union-attr]
        if post is None or Stop.objects.filter(site=post.site_id).exists():
            return
        for stop in WAY:
            rooms.add_stop(post.site, stop, by=representative)


def _scan() -> bytes:
    """A page as a scanner gives it."""
    from PIL import Image, ImageDraw, ImageFont

    from opora.shared.documents import FONTS

    page = Image.new("L", (1240, 1754), 255)
    font = ImageFont.truetype(str(FONTS / "LiberationSerif-Regular.ttf"), 40)
    ImageDraw.Draw(page).multiline_text((150, 200), LETTER, fill=0, font=font, spacing=20)
    written = BytesIO()
    page.save(written, "PDF", resolution=150)
    return written.getvalue()
