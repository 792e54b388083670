"""Putting right what was registered: topic, kind, flags, people, reasons. Codes leave old and new in the history,
personal data only the fact and the digest of the new content."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import date
from typing import Any
from uuid import UUID

from opora.appeals import terms, waits
from opora.appeals.errors import NotComplete
from opora.appeals.intake import NewParty, NewReason, content_digest
from opora.appeals.models import Appeal, AppealText, Party, Reason, Wait
from opora.appeals.rules import Command
from opora.appeals.services import _clocks as clocks
from opora.appeals.services._change import By, Step, changing
from opora.appeals.waits import NewWait
from opora.appeals.words import Depth, EventKind
from opora.classifiers.models import Topic
from opora.classifiers.words import Flag, Kind, Origin, Standing, Verdict

PLAIN = ("topic_note", "origin_name", "incoming_number", "incoming_on", "is_repeat", "call_id")
NEVER_TOLD = frozenset({"topic_note", "call_id"})  # words of an operator may name somebody


def amend(appeal_id: UUID, *, changes: Mapping[str, Any], why: str = "", by: By, version: int | None = None) -> Appeal:
    """Change what an open appeal says. Keys: kind, topic (Topic), flags, standing, origin, the plain columns; text;
    parties (of NewParty, by role); reasons (of NewReason, added); verdicts ({reason id: verdict}); wait (NewWait).

    Raises NotComplete; nothing changed leaves no event.
    """
    unknown = set(changes) - set(_PARTS) - set(PLAIN)
    if unknown:
        raise NotComplete(f"Этого исправить нельзя: {', '.join(sorted(unknown))}.")
    with changing(appeal_id, Command.AMEND, by=by, version=version) as step:
        told: dict[str, Any] = {}
        for name in [*_PARTS, *PLAIN]:
            if name in changes:
                change = _PARTS.get(name)
                told |= change(step, changes[name]) if change else _plain(step, name, changes[name])
        _check(step.appeal)
        _follow_kind(step)
        personal = {name for name in ("text", "parties") if name in told}
        if told or step.changed.keys() - {"stage"}:
            digest = {"content": _digest(step.appeal)} if personal else {}
            step.tell(EventKind.AMENDED, why.strip(), depth=Depth.TEXT, amended=told, **digest)
    return step.appeal


def _kind(step: Step, value: str) -> dict[str, Any]:
    if value not in Kind.values:
        raise NotComplete("Такого вида обращений нет.")
    return _set(step, "kind", str(value))


def _topic(step: Step, topic: Topic) -> dict[str, Any]:
    former = step.appeal.topic_code
    step.set(topic_id=topic.pk, topic_code=topic.code)
    step.set(flags=sorted({*step.appeal.flags, *topic.flags}))
    return {"topic": [former, topic.code]} if former != topic.code else {}


def _flags(step: Step, flags: Sequence[str]) -> dict[str, Any]:
    if set(flags) - set(Flag.values):
        raise NotComplete("Такого признака нет.")
    return _set(step, "flags", sorted({*map(str, flags), *step.appeal.topic.flags}))


def _standing(step: Step, value: str) -> dict[str, Any]:
    if value not in Standing.values:
        raise NotComplete("Такого статуса сообщения нет.")
    step.set(needs_answer=value != Standing.ANONYMOUS)
    return _set(step, "standing", str(value))


def _origin(step: Step, value: str) -> dict[str, Any]:
    if value not in Origin.values:
        raise NotComplete("Такого источника нет.")
    return _set(step, "origin", str(value))


def _text(step: Step, text: str) -> dict[str, Any]:
    changed = AppealText.objects.filter(appeal=step.appeal).exclude(text=text).update(text=text)
    return {"text": "changed"} if changed else {}


def _parties(step: Step, parties: Sequence[NewParty]) -> dict[str, Any]:
    """One row for each role; a role that is not given stays as it is."""
    changed: dict[str, list[str]] = {}
    for new in parties:
        values = asdict(new)
        row = Party.objects.filter(appeal=step.appeal, role=new.role).first() or Party(appeal=step.appeal)
        names = sorted(name for name, value in values.items() if getattr(row, name) != value)
        if names or row.pk is None:
            for name, value in values.items():
                setattr(row, name, value)
            row.save()
            changed[str(new.role)] = names
    return {"parties": changed} if changed else {}


def _reasons(step: Step, reasons: Sequence[NewReason]) -> dict[str, Any]:
    if any(Kind.COMPLAINT not in reason.topic.kinds for reason in reasons):
        raise NotComplete("Среди причин есть тема, которая не бывает причиной жалобы.")
    for reason in reasons:
        Reason.objects.create(
            appeal=step.appeal,
            topic=reason.topic,
            topic_code=reason.topic.code,
            provider_id=reason.provider_id,
            provider_name=reason.provider_name,
            note=reason.note,
            details=dict(reason.details),
        )
    return {"reasons": [[reason.topic.code, reason.provider_id] for reason in reasons]} if reasons else {}


def _verdicts(step: Step, verdicts: Mapping[int, str]) -> dict[str, Any]:
    changed = {}
    for row in Reason.objects.select_for_update().filter(appeal=step.appeal, pk__in=list(verdicts)):
        verdict = verdicts[row.pk]
        if verdict and verdict not in Verdict.values:
            raise NotComplete("Такого решения по жалобе нет.")
        if row.verdict != verdict:
            changed[str(row.pk)] = [row.verdict, str(verdict)]
            Reason.objects.filter(pk=row.pk).update(verdict=verdict)
    return {"verdicts": changed} if changed else {}


def _wait(step: Step, new: NewWait) -> dict[str, Any]:
    appeal = step.appeal
    on = step.actor.local(appeal.registered_at).date()
    judged = waits.judge(new, on=on, territory=appeal.territory_id, zone=step.actor.zone)
    former = waits.told(Wait.objects.filter(appeal=appeal).first())
    now = waits.told(waits.note(appeal.pk, new, judged, on=on))
    return {"wait": [former, now]} if former != now else {}


_PARTS: Mapping[str, Callable[[Step, Any], dict[str, Any]]] = {
    "kind": _kind,
    "topic": _topic,
    "flags": _flags,
    "standing": _standing,
    "origin": _origin,
    "text": _text,
    "parties": _parties,
    "reasons": _reasons,
    "verdicts": _verdicts,
    "wait": _wait,
}


def _plain(step: Step, name: str, value: Any) -> dict[str, Any]:
    told = _set(step, name, value)
    return {name: "changed"} if told and name in NEVER_TOLD else told


def _set(step: Step, name: str, value: Any) -> dict[str, Any]:
    former = getattr(step.appeal, name)
    step.set(**{name: value})
    return {name: [_json(former), _json(value)]} if former != value else {}


def _check(appeal: Appeal) -> None:
    if appeal.kind not in appeal.topic.kinds:
        raise NotComplete(f"Тема «{appeal.topic.title}» не бывает у обращений этого вида. Выберите другую тему.")
    if appeal.origin == Origin.OTHER and not appeal.origin_name.strip():
        raise NotComplete("Назовите организацию, от которой пришло обращение.")
    if appeal.kind != Kind.COMPLAINT and appeal.reasons.exists():
        raise NotComplete("У обращения есть причины жалобы: оно остаётся жалобой.")


def _follow_kind(step: Step) -> None:
    """A consultation that turns out to be a complaint has another term of the answer."""
    appeal = step.appeal
    if "kind" not in step.changed:
        return
    code = clocks.term_of_answer(appeal)
    if code != clocks.main_clock(appeal).term:
        started = appeal.received_at if code in terms.FROM_RECEIPT else appeal.registered_at
        planned = terms.plan(code, started, appeal.territory_id, appeal.handler.zone, is_main=True)
        clocks.replace_main(appeal, planned, step.now)
        step.set(**clocks.due(appeal))


def _digest(appeal: Appeal) -> str:
    """Return the digest of text and people as they are now, the same as at registration."""
    text = AppealText.objects.get(appeal=appeal).text
    names = [field.name for field in fields(NewParty)]
    parties = [{name: _json(getattr(row, name)) for name in names} for row in Party.objects.filter(appeal=appeal)]
    return content_digest(appeal.pk, text, parties)


def _json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
