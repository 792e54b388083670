"""What partners' lists mean in our words: one module per partner, ``BATCHES`` — format → function."""

from __future__ import annotations

from collections.abc import Callable

from opora.exchange.findings import Outcome, Severity
from opora.exchange.format import Content
from opora.exchange.lists import (
    accounts,
    ch15,
    federal,
    kbr,
    khakassia,
    kk,
    krl,
    krl_messages,
    nsk,
    nsk_clinic,
    own,
    prm,
    psk,
    stv,
    vlg,
)
from opora.informing.incoming import Batch

BATCHES: dict[str, Callable[[Content], Batch]] = {
    "ch15-individual-informing-json": ch15.batch,
    "ch15-answer-json": ch15.answers,
    "opora-informing-csv": own.batch,
    "opora-informing-xlsx": own.batch,
    "psk-plan-csv": psk.batch,
    **accounts.BATCHES,
    **federal.BATCHES,
    **khakassia.BATCHES,
    **prm.BATCHES,
    **krl.BATCHES,
    **krl_messages.BATCHES,
    **kbr.BATCHES,
    **kk.BATCHES,
    "nsk-informing-xlsx": nsk.informing,
    "nsk-survey-xlsx": nsk.survey,
    "nsk-consent-xlsx": nsk.consents,
    "nsk-ekmp-xlsx": nsk.expert,
    "nsk-mo-xlsx": nsk_clinic.batch,
    "stv-people-xml": stv.batch,
    **vlg.BATCHES,
}


def batch_of(outcome: Outcome, content: Content) -> Batch:
    """Return what an examined file means, without the records that the controls refused."""
    if outcome.format is None or not outcome.is_accepted:
        return Batch()
    return BATCHES[outcome.format](without_refused(outcome, content))


def without_refused(outcome: Outcome, content: Content) -> Content:
    """Return what may be used of an examined file."""
    refused = {finding.place for finding in outcome.findings if finding.severity is Severity.ERROR}
    kept = [record for record in content.records if record.place not in refused]
    return Content(kept, content.header, blocks=content.blocks)


__all__ = ["BATCHES", "batch_of", "without_refused"]
