"""SMPP 3.4 as octets: frames, the few messages besides those the codec of ``smpp34`` writes, and what statuses mean.

Source: SMPP Protocol Specification v3.4, §3.2, §4.1–4.11, §5.1.3, §5.3.
"""

import struct
from collections.abc import Iterator

from smpp34 import DeliverSm, RawPdu, SmppError, SubmitSm, Tlv, decode

HEAD = struct.Struct(">IIII")
LONGEST = 70_000  # octets: a message_payload of 64 KB and its head

GENERIC_NACK = 0x80000000
BIND_RECEIVER, BIND_TRANSMITTER, BIND_TRANSCEIVER = 0x01, 0x02, 0x09
SUBMIT_SM, DELIVER_SM, UNBIND, ENQUIRE_LINK = 0x04, 0x05, 0x06, 0x15
RESPONSE = 0x80000000

OK = 0x00
INVALID_COMMAND, ALREADY_BOUND, BIND_FAILED = 0x03, 0x05, 0x0D
SYSTEM_ERROR, INVALID_SOURCE, INVALID_DESTINATION = 0x08, 0x0A, 0x0B
WRONG_PASSWORD, WRONG_SYSTEM = 0x0E, 0x0F
QUEUE_FULL, THROTTLED = 0x14, 0x58
TRY_LATER = 0x64  # ESME_RX_T_APPN: «have it said again later»
FOREVER = 0x65  # ESME_RX_P_APPN

# The message is at fault, not the moment: it would be refused again here and everywhere.
PERMANENT = frozenset(
    {0x01, 0x02, 0x06, 0x07, INVALID_SOURCE, INVALID_DESTINATION, 0x0C, 0x33, 0x34, 0x40, 0x42, 0x43, 0x44, 0x48, 0x49}
    | {0x50, 0x51, 0x61, 0x62, 0x63, FOREVER, 0xC0, 0xC1, 0xC2, 0xC3, 0xC4}
)
BUSY = frozenset({QUEUE_FULL, THROTTLED})
CLOSED = frozenset({WRONG_PASSWORD, WRONG_SYSTEM})

MESSAGE_PAYLOAD, RECEIPTED_ID, MESSAGE_STATE = 0x0424, 0x001E, 0x0427
USER_REFERENCE, NETWORK_ERROR = 0x0204, 0x0423
SAR_REFERENCE, SAR_TOTAL, SAR_NUMBER = 0x020C, 0x020E, 0x020F

IS_RECEIPT = 0x04  # esm_class of deliver_sm, bits 5–2
HAS_UDH = 0x40
UCS2 = 0x08

__all__ = ["DeliverSm", "RawPdu", "SmppError", "SubmitSm", "Tlv", "decode"]


class Torn(Exception):
    """What came is not SMPP: the connection cannot be read any further."""


class Frames:
    """Cuts a stream of octets into messages."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield whole messages; what is left waits for more. Raises Torn."""
        rest = self._rest + data if self._rest else data
        place, end = 0, len(rest)
        while end - place >= 16:
            (length,) = _LENGTH.unpack_from(rest, place)
            if not 16 <= length <= LONGEST:
                self._rest = b""
                raise Torn(f"length {length}")
            if end - place < length:
                break
            yield rest[place : place + length]
            place += length
        self._rest = rest[place:]


_LENGTH = struct.Struct(">I")
_NUMBER = struct.Struct(">I")


def with_number(pdu: bytes, sequence: int) -> bytes:
    """Return the message under another sequence number."""
    return pdu[:12] + _NUMBER.pack(sequence) + pdu[16:]


def head(pdu: bytes) -> tuple[int, int, int]:
    """Return command, status and sequence number."""
    _, command, status, sequence = HEAD.unpack_from(pdu)
    return command, status, sequence


def message(command: int, status: int, sequence: int, body: bytes = b"") -> bytes:
    return HEAD.pack(16 + len(body), command, status, sequence) + body


def text(value: str) -> bytes:
    """Return a C-octet string."""
    return value.encode("ascii", "replace") + b"\0"


def first_text(pdu: bytes) -> str:
    """Return the C-octet string a body begins with: the message id of submit_sm_resp, the name of bind_resp."""
    end = pdu.find(b"\0", 16)
    return pdu[16 : end if end >= 0 else len(pdu)].decode("ascii", "replace")


def bind(sequence: int, system_id: str, password: str, system_type: str = "") -> bytes:
    body = text(system_id) + text(password) + text(system_type) + b"\x34\0\0\0"
    return message(BIND_TRANSCEIVER, 0, sequence, body)


def texts(pdu: bytes, count: int) -> list[str]:
    """Return the first ``count`` C-octet strings of a body. Raises Torn when there are fewer."""
    found = pdu[16:].split(b"\0", count)
    if len(found) <= count:
        raise Torn("strings")
    return [one.decode("ascii", "replace") for one in found[:count]]
