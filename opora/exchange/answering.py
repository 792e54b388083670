"""Partners' answers to what we sent: matched by the name of the file and the key of the record, stored once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.models import Count
from django.utils import timezone

from opora.exchange.context import bare_name
from opora.exchange.models import Fate, Parcel, SentRecord
from opora.exchange.models.parcel import Direction, State
from opora.informing.incoming import IncomingAnswer
from opora.organisations.models import Organisation
from opora.shared.sql import text

SQL = Path(__file__).parent / "sql" / "answer_records.sql"
LONGEST = {"text": 1000, "code": 20, "enp": 20, "insurer": 10}


class SentFiles(Mapping[str, frozenset[str]]):
    """What an organisation sent, asked for one file at a time: name in capitals → keys of its records."""

    def __init__(self, organisation: Organisation) -> None:
        self._organisation = organisation
        self._keys = cache(self._read)

    def __getitem__(self, name: str) -> frozenset[str]:
        found = self._keys(name)
        if found is None:
            raise KeyError(name)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(_sent(self._organisation).values_list("sent_as", flat=True).distinct())

    def __len__(self) -> int:
        return _sent(self._organisation).values("sent_as").distinct().count()

    def _read(self, name: str) -> frozenset[str] | None:
        parcel = sent_file(self._organisation, name)
        if parcel is None:
            return None
        return frozenset(SentRecord.objects.filter(parcel=parcel).values_list("key", flat=True))


@dataclass(slots=True)
class _Said:
    """Everything one answer says of one file of ours."""

    by_key: dict[str, list[IncomingAnswer]] = field(default_factory=dict)
    whole: list[IncomingAnswer] = field(default_factory=list)


@dataclass(slots=True)
class Answered:
    """Records whose fate an answer changed or repeated; ``files`` are ours it spoke of."""

    changed: int = 0
    named: int = 0
    files: list[int] = field(default_factory=list)


def sent_file(organisation: Organisation, name: str) -> Parcel | None:
    """Return the latest file that an organisation sent under a name; answers call it so."""
    return _sent(organisation).filter(sent_as=bare_name(name)).order_by("-pk").first() if name.strip() else None


def take_answers(answers: Iterable[IncomingAnswer], parcel: Parcel) -> Answered:
    """Store what the file ``parcel`` says of records we sent. Controls have refused what we never sent.

    A word about the whole file (place 0, no key) is said of every record that is not named.
    """
    by_file: dict[str, _Said] = {}
    for answer in answers:
        said = by_file.setdefault(answer.answered_file, _Said())
        if answer.key:
            said.by_key.setdefault(answer.key, []).append(answer)
        else:
            said.whole.append(answer)
    done = Answered()
    for name, said in by_file.items():
        sent = sent_file(parcel.organisation, name)
        if sent is not None:
            _store(said, sent, parcel, done)
    return done


def count_answers(sent: Parcel) -> None:
    """Bring the counts of a file of ours up to date with what was answered."""
    found = dict(SentRecord.objects.filter(parcel=sent).order_by().values_list("fate").annotate(Count("pk")))
    sent.counts |= {"accepted": found.get(Fate.ACCEPTED, 0), "rejected": found.get(Fate.REFUSED, 0)}
    sent.save(update_fields=["counts"])


def _store(said: _Said, sent: Parcel, parcel: Parcel, done: Answered) -> None:
    rest = _parameters(said.whole) if said.whole else {"fate": "", "codes": "", "text": ""}
    named = [(key, _parameters(many)) for key, many in said.by_key.items()]
    parameters = {
        "sent": sent.pk,
        "answer": parcel.pk,
        "now": timezone.now(),
        "keys": [key for key, _ in named],
        **{many: [told[one] for _, told in named] for one, many in OF_RECORD.items()},
        "rest": rest["fate"],
        "rest_codes": rest["codes"],
        "rest_text": rest["text"],
    }
    with connection.cursor() as cursor:
        cursor.execute(text(SQL), parameters)
        done.changed += cursor.rowcount
    done.named += len(named)
    done.files.append(sent.pk)
    count_answers(sent)


OF_RECORD = {"fate": "fates", "codes": "codes", "text": "texts", "enp": "enps", "insurer": "insurers"}


def _parameters(many: list[IncomingAnswer]) -> dict[str, Any]:
    """Several words about one record are one: refused as soon as one of them refuses."""
    codes = [code[: LONGEST["code"]].replace(",", " ") for one in many for code in one.codes]
    words = list(dict.fromkeys(one.text for one in many if one.text))
    return {
        "fate": Fate.ACCEPTED.value if all(one.is_accepted for one in many) else Fate.REFUSED.value,
        "codes": ",".join(dict.fromkeys(codes)),
        "text": "; ".join(words)[: LONGEST["text"]],
        "enp": next((one.enp for one in many if one.enp), "")[: LONGEST["enp"]],
        "insurer": next((one.insurer_code for one in many if one.insurer_code), "")[: LONGEST["insurer"]],
    }


def _sent(organisation: Organisation) -> Any:
    return Parcel.objects.filter(organisation=organisation, direction=Direction.OUT, state=State.READY).exclude(
        sent_as=""
    )
