"""Karelia: a referral, or its withdrawal. Handbook 20 §9.3.

The key is the id of the message: a deletion names nothing else, so its referral has no number and stands for the one
that came under the same id.
"""

from __future__ import annotations

from collections.abc import Callable

from opora.exchange.format import Content
from opora.exchange.lists.federal import SEXES
from opora.exchange.people import OF_ONE_NUMBER, patronymic_of
from opora.exchange.tree import parse_day
from opora.informing.incoming import Batch, IncomingReferral, Named

WITHDRAWN = "отозвано"


def batch(content: Content) -> Batch:
    found, key, made = Batch(), content.header["ID"], parse_day(content.header["DATA"])
    assert made is not None  # noqa: S101 - the controls have seen to it
    for record in content.records:
        get = record.values.get
        if not record.values:
            gone = IncomingReferral(place=record.place, key=key, cancelled_on=made, cancel_reason=WITHDRAWN)
            found.referrals.append(gone)
            continue
        kind, number = get("VPOLIS", ""), get("NPOLIS", "")
        who = Named(
            surname=get("FAM", ""),
            given_name=get("IM", ""),
            patronymic=patronymic_of(get("OT", "")),
            birth_on=parse_day(get("DR", "")),
            sex=SEXES.get(get("W", "")),
            enp=number if kind in OF_ONE_NUMBER else "",
            policy_kind=kind,
            policy_series=get("SPOLIS", ""),
            policy_number=number,
            phones=(get("TLF", ""),),
            insurer_code=get("SMO_CODE", ""),
            okato=get("ST_OKATO", ""),
        )
        referral = IncomingReferral(
            place=record.place,
            key=key,
            who=who,
            number=get("NOM_NAP", ""),
            issued_on=parse_day(get("DTA_NAP", "")) or made,
            planned_on=parse_day(get("DTA_PLN", "")),
            diagnosis=get("DS", ""),
            from_code=get("MCOD_NAP", ""),
            hospital_code=get("MCOD_STC", ""),
            profile=get("KOD_PFO", ""),
            bed_profile=get("KOD_PFK", ""),
            form=get("FRM_MP", ""),
        )
        found.referrals.append(referral)
    return found


BATCHES: dict[str, Callable[[Content], Batch]] = {"krl-hospitalisation-referral": batch}
