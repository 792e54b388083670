"""Answers of the demonstration: the typical ones approved, one that waits for approval, one letter in own words."""

from datetime import date

from opora.knowledge import services
from opora.knowledge.models import AnswerCard, LetterTemplate
from opora.knowledge.shipping import approve_for_demonstration
from opora.knowledge.templating import reword_template
from opora.organisations.models import Employee

WAITING = "demo-post-hours"
LETTER = """Мы получили ваше обращение и зарегистрировали его: № {номер} от {дата регистрации}.

Ответим не позже {ответить до}. Ведёт обращение {исполнитель}, телефон {телефон}."""


def ensure_answers(territory: str, *, author: str, signer: str) -> None:
    """Approve what came with the program; ``author`` and ``signer`` are logins. Four questions when all is there."""
    approve_for_demonstration(territory)
    if not AnswerCard.objects.filter(slug=WAITING).exists():
        _propose(territory, Employee.objects.get(login=author))
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
