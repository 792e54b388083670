"""Answers of the demonstration: sourced ones approved, one that waits, votes, questions without an answer, a letter."""

import random
from datetime import date
from uuid import UUID

from django.utils import timezone

from opora.appeals import learning
from opora.knowledge import feedback, services
from opora.knowledge.models import AnswerCard, LetterTemplate, MissingAnswer, TopicModel
from opora.knowledge.shipping import approve_for_demonstration
from opora.knowledge.templating import reword_template
from opora.knowledge.words import Miss
from opora.organisations.models import Employee

WAITING = "demo-post-hours"
MISSED = {
    "протонная терапия бесплатно": (Miss.NOTHING, 4),
    "путёвка в санаторий после инфаркта": (Miss.NOTHING, 7),
    "слуховой аппарат по полису": (Miss.LEFT, 3),
    "собака укусила куда ехать": (Miss.NOTHING, 2),
}
TALKS, HELPED = 60, 0.8
LETTER = """Мы получили ваше обращение и зарегистрировали его: № {номер} от {дата регистрации}.

Ответим не позже {ответить до}. Ведёт обращение {исполнитель}, телефон {телефон}."""


def ensure_answers(territory: str, *, author: str, signer: str) -> None:
    """Approve what came with the program; ``author`` and ``signer`` are logins. Six questions when all is there."""
    approve_for_demonstration(territory)
    if not AnswerCard.objects.filter(slug=WAITING).exists():
        _propose(territory, Employee.objects.get(login=author))
    if not MissingAnswer.objects.exists():
        _talk(territory, Employee.objects.get(login=author))
    if not TopicModel.objects.exists():
        learning.learn(territory)
    employee = Employee.objects.get(login=signer)
    assignment = employee.assignment
    if assignment and not LetterTemplate.objects.filter(organisation=assignment.organisation).exists():
        reword_template(
            "registered",
            organisation=assignment.organisation,
            version=0,
            about="О регистрации обращения",
            body=LETTER,
            by=employee,
        )


def _propose(territory: str, author: Employee) -> None:
    wording = {
        "question": "Когда представитель бывает в поликлинике?",
        "topic_code": "13.7",
        "level": 1,
        "body": "Представитель вашей страховой принимает прямо в поликлинике. Сейчас назову кабинет и часы. "
        "Если прийти неудобно, он сам вам позвонит.",
        "next_step": "Откройте «Организации», страховую, раздел «Посты».",
        "words": "пост кабинет часы представитель поликлиника принимает",
        "sources": "Приказ страховой о постах в поликлиниках (показательный)",
        "is_verified": True,
        "valid_since": date(2026, 1, 1),
        "valid_until": None,
    }
    card = services.add_card(WAITING, territory=territory, wording=wording, by=author)
    services.submit_card(card, version=card.version, by=author)


def _talk(territory: str, by: Employee) -> None:
    """Votes of invented talks, and what was asked in vain."""
    rng = random.Random(1)  # noqa: S311 - invented talks, not secrets
    cards = list(
        AnswerCard.objects.in_force(timezone.localdate()).filter(territory=territory).select_related("approved")[:20]
    )
    for at in range(TALKS):
        card = rng.choice(cards)
        feedback.note_shown(card.pk)
        helped = rng.random() < HELPED
        feedback.vote(card, mark=UUID(int=at), is_helpful=helped, territory=territory, by=by)
    for words, (why, times) in MISSED.items():
        for _ in range(times):
            feedback.note_miss(words, why=why, territory=territory)
