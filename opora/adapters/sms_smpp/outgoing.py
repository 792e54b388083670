"""A text as the messages of SMPP that carry it."""

import struct
from datetime import UTC, datetime
from typing import Any

from opora.adapters.sms_smpp import wire
from opora.channels.ports import Link, Outgoing, mark_of
from opora.channels.segments import Alphabet, octets, segments

INTERNATIONAL, NATIONAL, ALPHANUMERIC, ISDN = 1, 2, 5, 1
_UDH = struct.Struct(">BBBBBB")
_SHORT, _BYTE = struct.Struct(">H"), struct.Struct(">B")
ON_FINAL_STATE = 1  # registered_delivery


def pdus(message: Outgoing, link: Link) -> list[bytes]:
    """Return one submit_sm for each part, all under sequence number 0."""
    cut = segments(message.text, only_ucs2=link.settings["latin"] == "ucs2")
    mark = mark_of(message.reference)
    coding = wire.UCS2 if cut.alphabet == Alphabet.UCS2 else 0
    fields = _fields(message, link) | {"data_coding": coding}
    tlvs = [wire.Tlv(wire.USER_REFERENCE, _SHORT.pack(mark))]
    if own := int(link.settings["reference_tlv"]):
        tlvs.append(wire.Tlv(own, message.reference.bytes))
    source, to = message.sender or link.sender, message.to
    count = len(cut)
    if count == 1:
        return [wire.SubmitSm(source, to, octets(message.text, cut.alphabet), tlvs=tlvs, **fields).encode()]
    way = link.settings["long"]
    if way == "payload":
        whole = wire.Tlv(wire.MESSAGE_PAYLOAD, octets(message.text, cut.alphabet))
        return [wire.SubmitSm(source, to, b"", tlvs=[*tlvs, whole], **fields).encode()]
    written = []
    for number, part in enumerate(cut.parts, start=1):
        body = octets(part, cut.alphabet)
        if way == "sar":
            sar = [
                wire.Tlv(wire.SAR_REFERENCE, _SHORT.pack(mark)),
                wire.Tlv(wire.SAR_TOTAL, _BYTE.pack(count)),
                wire.Tlv(wire.SAR_NUMBER, _BYTE.pack(number)),
            ]
            written.append(wire.SubmitSm(source, to, body, tlvs=tlvs + sar, **fields).encode())
        else:
            header = _UDH.pack(5, 0, 3, mark & 0xFF, count, number)
            joined = fields | {"esm_class": wire.HAS_UDH}
            written.append(wire.SubmitSm(source, to, header + body, tlvs=tlvs, **joined).encode())
    return written


def _fields(message: Outgoing, link: Link) -> dict[str, Any]:
    source = message.sender or link.sender
    is_number = source.lstrip("+").isdecimal()
    short = is_number and len(source) <= 6
    return {
        "source_addr_ton": ALPHANUMERIC if not is_number else 0 if short else INTERNATIONAL,
        "source_addr_npi": ISDN if is_number else 0,
        "dest_addr_ton": INTERNATIONAL,
        "dest_addr_npi": ISDN,
        "registered_delivery": ON_FINAL_STATE,
        "validity_period": until(message.valid_until) if message.valid_until else "",
    }


def until(moment: datetime) -> str:
    """Return an absolute time of SMPP (§7.1.1), in UTC.

    >>> until(datetime(2026, 11, 22, 9, 30, tzinfo=UTC))
    '261122093000000+'
    """
    return f"{moment.astimezone(UTC):%y%m%d%H%M%S}000+"
