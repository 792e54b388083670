"""Novosibirsk: what a row means, and that a fact of ours comes back as it was."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from opora.exchange.codebook import CodeUnknown
from opora.exchange.engine import examine
from opora.exchange.errors import FactMissing
from opora.exchange.formats.nsk_books import INFORMED, NskInforming
from opora.exchange.lists import batch_of
from opora.exchange.lists.nsk_codes import CONSENTS, REASONS, STAGES_OUT, WAYS_OUT
from opora.exchange.tests.nsk_books import MAN, book
from opora.exchange.tests.test_samples import CONTEXT, SAMPLES
from opora.exchange.writers.lists import LIST_WRITERS, Outgoing
from opora.informing.incoming import Batch, IncomingConsent, IncomingContact, Named
from opora.informing.words import Channel, Measure, Outcome, Purpose, Reason, Sequence

OUT = Outgoing(sender="2", made_at=datetime(2026, 6, 15, 9, tzinfo=ZoneInfo("Asia/Novosibirsk")))
WHO = Named(surname="КИМ", given_name="ВИКТОР", birth_on=date(1962, 9, 26))
CALLED = IncomingContact(
    place=1, key="5", who=WHO, measure=Measure.CHECKUP, channel=Channel.CALL, on=date(2026, 6, 10),
    sequence=Sequence.FIRST,
)  # fmt: skip
INFORMING, SURVEY, CONSENT = (LIST_WRITERS[f"nsk-{name}-xlsx"] for name in ("informing", "survey", "consent"))


def there_and_back(folder: Path, writer, batch: Batch) -> Batch:  # type: ignore[no-untyped-def]
    path = folder / writer.name(OUT)
    path.write_bytes(writer.write(batch, OUT))
    outcome, content = examine(path, CONTEXT)
    assert (outcome.format, outcome.findings) == (writer.slug, [])
    return batch_of(outcome, content)


def read(case: str) -> Batch:
    (path,) = (SAMPLES / case).glob("*.xlsx")
    return batch_of(*examine(path, CONTEXT))


def test_a_stage_is_a_measure_and_first_or_repeat() -> None:
    first, again = read("nsk-informing-xlsx/01").contacts
    assert (first.measure, first.sequence, first.channel) == (Measure.SCREENING, Sequence.FIRST, Channel.SMS)
    assert (again.measure, again.sequence, again.purpose) == (Measure.SCREENING, Sequence.REPEAT, Purpose.REMIND)
    assert first.who == Named(
        surname="СОРОКИН-БЕЛОВ", given_name="ГЛЕБ", patronymic="АНДРЕЕВИЧ", birth_on=date(1968, 12, 28)
    )


def test_impossible_and_passed_are_outcomes_and_no_way() -> None:
    outcomes = [(contact.channel, contact.outcome) for contact in read("nsk-informing-xlsx/04").contacts]
    assert outcomes == [(Channel.OTHER, Outcome.IMPOSSIBLE), (Channel.OTHER, Outcome.PASSED)]


def test_the_word_no_is_no_patronymic() -> None:
    assert read("nsk-consent-xlsx/01").consents[0].who.patronymic == ""


def test_a_row_that_repeats_counts_once(tmp_path: Path) -> None:
    row = (*MAN, 1, "10.06.2026", 1, "")
    path = book(tmp_path / "i.xlsx", NskInforming(), INFORMED, [row, row])
    assert len(batch_of(*examine(path, CONTEXT)).contacts) == 1


@pytest.mark.parametrize("way", WAYS_OUT, ids=str)
@pytest.mark.parametrize(("measure", "sequence"), STAGES_OUT, ids=str)
def test_a_contact_comes_back(tmp_path: Path, measure: Measure, sequence: Sequence | None, way: Channel) -> None:
    contact = replace(CALLED, measure=measure, sequence=sequence, channel=way)
    (found,) = there_and_back(tmp_path, INFORMING, Batch(contacts=[contact])).contacts
    assert (found.measure, found.sequence, found.on, found.who) == (measure, sequence, contact.on, WHO)
    assert WAYS_OUT[found.channel] == WAYS_OUT[way]


NOT_WRITTEN = [
    (replace(CALLED, channel=Channel.PORTAL), CodeUnknown),
    (replace(CALLED, measure=Measure.HOSPITAL), CodeUnknown),
    (replace(CALLED, on=None), FactMissing),
    (replace(CALLED, who=replace(WHO, birth_on=None)), FactMissing),
    (replace(CALLED, outcome=Outcome.NO_ANSWER), FactMissing),  # the only row, and it is no result
]


@pytest.mark.parametrize(("contact", "refusal"), NOT_WRITTEN)
def test_what_the_fund_has_no_code_for_is_never_guessed(contact: IncomingContact, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        INFORMING.write(Batch(contacts=[contact]), OUT)


def test_a_wrong_number_is_told_as_impossible_and_no_answer_is_not_told(tmp_path: Path) -> None:
    batch = Batch(contacts=[
        replace(CALLED, outcome=Outcome.WRONG_NUMBER, note="номер не обслуживается"),
        replace(CALLED, outcome=Outcome.NO_ANSWER, place=2),
    ])  # fmt: skip
    (found,) = there_and_back(tmp_path, INFORMING, batch).contacts
    assert (found.outcome, found.note) == (Outcome.IMPOSSIBLE, "номер не обслуживается")


def test_observation_and_screening_go_in_two_books() -> None:
    with pytest.raises(CodeUnknown, match="разными книгами"):
        INFORMING.write(Batch(contacts=[CALLED, replace(CALLED, measure=Measure.OBSERVATION)]), OUT)


def test_an_unknown_number_of_an_insurer_is_refused() -> None:
    with pytest.raises(CodeUnknown, match="от 1 до 4"):
        INFORMING.write(Batch(contacts=[CALLED]), replace(OUT, sender="81001"))


@pytest.mark.parametrize("reason", REASONS.values(), ids=str)
def test_a_reason_comes_back(tmp_path: Path, reason: Reason) -> None:
    asked = replace(CALLED, purpose=Purpose.ASK_WHY, reason=reason, note="вахта")
    (found,) = there_and_back(tmp_path, SURVEY, Batch(contacts=[asked])).contacts
    assert (found.reason, found.note, found.purpose) == (reason, "вахта", Purpose.ASK_WHY)


def test_a_reason_the_fund_does_not_list_is_other_in_our_words(tmp_path: Path) -> None:
    asked = replace(CALLED, purpose=Purpose.ASK_WHY, reason=Reason.CLINIC_REFUSED)
    (found,) = there_and_back(tmp_path, SURVEY, Batch(contacts=[asked])).contacts
    assert (found.reason, found.note) == (Reason.OTHER, "Отказала поликлиника")


def test_other_without_words_and_words_without_a_code_are_refused() -> None:
    with pytest.raises(FactMissing, match="пояснением"):
        SURVEY.write(Batch(contacts=[replace(CALLED, purpose=Purpose.ASK_WHY, reason=Reason.OTHER)]), OUT)
    with pytest.raises(CodeUnknown, match="из списка фонда"):
        SURVEY.write(Batch(contacts=[replace(CALLED, purpose=Purpose.ASK_SATISFACTION, note="хорошо")]), OUT)


@pytest.mark.parametrize("how", CONSENTS.values())
def test_a_consent_comes_back(tmp_path: Path, how: str) -> None:
    consent = IncomingConsent(place=1, key="5", who=WHO, on=date(2026, 6, 11), how=how)
    assert there_and_back(tmp_path, CONSENT, Batch(consents=[consent])).consents == [consent]


def test_an_empty_book_is_never_sent() -> None:
    with pytest.raises(FactMissing):
        CONSENT.write(Batch(), OUT)
