"""The letter of a finding: a draft from what is counted, and the paper. Numbers only: nobody is named."""

from __future__ import annotations

from opora.findings.models import Finding
from opora.findings.words import What
from opora.knowledge import letters
from opora.knowledge.letters import Wording
from opora.knowledge.words import Letter
from opora.organisations.models import Employee
from opora.shared import documents
from opora.shared.documents import Signature
from opora.shared.typography import counted, day


def draft(finding: Finding, *, number: int, limit: str = "") -> str:
    """Return the words to begin with. ``number`` of appeals, ``limit`` of the wait in words."""
    about = f"«{finding.subject}»"
    told = counted(number, "обращение", "обращения", "обращений")
    much = "ожидания дольше предельного срока" if finding.what == What.WAIT else "одной и той же темы"
    law = f" Предельный срок — {limit}." if limit else ""
    parts = [
        f"С {day(finding.since)} по {day(finding.until)} мы получили {told} граждан о вашей организации: {about}. "
        f"Все они касаются {much}.{law}",
        f"Причина, которую мы видим: {finding.cause}",
        f"Мы считаем это системным нарушением прав застрахованных. Основание: {finding.ground}",
        "Просим устранить причину и сообщить, что сделано и с какого дня. "
        "Сведения о каждом обращении направляются отдельно, в порядке его рассмотрения.",
    ]
    return "\n\n".join(parts)


def paper(finding: Finding) -> documents.Letter:
    """Return the letter as it was sent; before that it says «ПРОЕКТ»."""
    writer, signer = finding.made_by, finding.signed_by
    about = f"О системном нарушении № {finding.number}"
    return letters.compose(
        Letter.REPLY,
        organisation=writer,
        values={"answer": finding.letter_text},
        wording=Wording("", "{ответ}"),
        to=letters.office(finding.provider.full_name or finding.provider.name, finding.provider.address),
        dated=finding.letter_on,
        number=finding.letter_number,
        signature=Signature(_position(signer, writer.pk), _initials(signer)) if signer else None,
        prepared_by=signer.full_name if signer else "",
        about=about if finding.letter_on else f"ПРОЕКТ. {about}",
    )


def _position(signer: Employee, organisation: int) -> str:
    roles = [each.role.name for each in signer.current_assignments if each.organisation_id == organisation]
    return roles[0] if roles else ""


def _initials(signer: Employee) -> str:
    first = " ".join(f"{part[0]}." for part in (signer.given_name, signer.patronymic) if part)
    return f"{first} {signer.surname}".strip()
