"""A delivery receipt as it comes: fields where the centre sends them, else the text of appendix B.

id:4b8c1f sub:001 dlvrd:001 submit date:2611220930 done date:2611220931 stat:DELIVRD err:000 text:…
"""

import re
from datetime import UTC, datetime

from opora.adapters.sms_smpp import wire
from opora.channels.ports import IncomingReceipt, Link
from opora.channels.words import State

_TEXT = re.compile(r"\b(id|stat|err|done date):\s*([^\s]*)", re.IGNORECASE)
BY_WORD = {
    "ACCEPTD": State.ACCEPTED,
    "SCHEDUL": State.ENROUTE,
    "ENROUTE": State.ENROUTE,
    "DELIVRD": State.DELIVERED,
    "EXPIRED": State.EXPIRED,
    "DELETED": State.UNDELIVERABLE,
    "UNDELIV": State.UNDELIVERABLE,
    "REJECTD": State.REJECTED,
    "SKIPPED": State.REJECTED,
    "UNKNOWN": State.UNKNOWN,
    "READ": State.READ,
    "SEEN": State.READ,
}
BY_NUMBER = {
    0: State.ENROUTE,
    1: State.ENROUTE,
    2: State.DELIVERED,
    3: State.EXPIRED,
    4: State.UNDELIVERABLE,
    5: State.UNDELIVERABLE,
    6: State.ACCEPTED,
    7: State.UNKNOWN,
    8: State.REJECTED,
    9: State.REJECTED,
}
CLOCKS_DIFFER = 90 * 60  # seconds
# In which base the id of an answer and that of a receipt are written, by the setting ``ids``.
BASES = {"same": (0, 0), "answer_hex": (16, 10), "receipt_hex": (10, 16)}


def answered_id(text: str, link: Link) -> str:
    """Return the id of submit_sm_resp in the one way of writing that both will have."""
    return _one_way(text, BASES[link.settings["ids"]][0])


def receipt(pdu: "wire.DeliverSm", link: Link, now: datetime) -> IncomingReceipt | None:
    """Return what a deliver_sm tells; None for anything but a receipt (a person's own SMS)."""
    fields = {tlv.tag: tlv for tlv in pdu.tlvs}
    if not (pdu.esm_class >> 2) & 0xF and wire.RECEIPTED_ID not in fields:
        return None
    told = {name.lower(): value for name, value in _TEXT.findall(_words(pdu, fields))}
    found = _field_text(fields, wire.RECEIPTED_ID) or told.get("id", "")
    state = BY_NUMBER.get(_field_number(fields, wire.MESSAGE_STATE, 255)) or BY_WORD.get(told.get("stat", "").upper())
    mark = _field_number(fields, wire.USER_REFERENCE, 0)
    return IncomingReceipt(
        state=state or State.UNKNOWN,
        at=_moment(told.get("done date", ""), now),
        message_id=_one_way(found, BASES[link.settings["ids"]][1])[:100],
        destination=pdu.source_addr.lstrip("+"),
        mark=mark or None,
        code=_code(fields, told)[:32],
    )


def _words(pdu: "wire.DeliverSm", fields: "dict[int, wire.Tlv]") -> str:
    payload = fields.get(wire.MESSAGE_PAYLOAD)
    body = pdu.short_message or (payload.value if payload else b"")
    if pdu.data_coding == wire.UCS2:
        return body.decode("utf-16-be", "replace")
    return body.decode("latin-1")


def _field_text(fields: "dict[int, wire.Tlv]", tag: int) -> str:
    return fields[tag].value.rstrip(b"\0").decode("ascii", "replace") if tag in fields else ""


def _field_number(fields: "dict[int, wire.Tlv]", tag: int, absent: int) -> int:
    return int.from_bytes(fields[tag].value) if tag in fields else absent


def _code(fields: "dict[int, wire.Tlv]", told: dict[str, str]) -> str:
    network = fields.get(wire.NETWORK_ERROR)
    if network is not None and len(network.value) == 3:
        return str(int.from_bytes(network.value[1:]))
    return told.get("err", "").lstrip("0")


def _moment(done: str, now: datetime) -> datetime:
    """Read YYMMDDhhmm[ss]. Centres write it in a clock of their own: what is off by hours is taken as «now»."""
    try:
        year, month, day, hour, minute, second = (int(done[at : at + 2] or 0) for at in range(0, 12, 2))
        read = datetime(2000 + year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return now
    return read if abs((now - read).total_seconds()) < CLOCKS_DIFFER else now


def _one_way(written: str, base: int) -> str:
    if base:
        try:
            return str(int(written, base))
        except ValueError:
            return written
    return written
