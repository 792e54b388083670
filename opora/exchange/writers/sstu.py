"""Answers for the presidential portal: a zip with one JSON an appeal. Handbook 20 §7.2.

Only answered appeals of a named applicant go there: an anonymous one gets no answer (59-FZ, art. 11).
"""

from __future__ import annotations

import base64
import json
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from opora.exchange.codebook import CodeUnknown
from opora.exchange.record import Leaving
from opora.exchange.writers.sending import Sending


class SstuWriter:
    slug = "sstu-json-zip"
    title = "Ответы для ССТУ.РФ"
    system = "sstu"

    def name(self, sending: Sending) -> str:
        return "sstu.zip"

    def write(self, leaving: Iterable[Leaving], sending: Sending, target: Path) -> int:
        count = 0
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for one in leaving:
                if not one.record.closed_on or not one.record.applicant.full_name:
                    continue
                count += 1
                text = json.dumps(_document(one, sending), ensure_ascii=False, indent=4)
                archive.writestr(f"sstu_{count}.json", text.encode())
        return count


def _document(one: Leaving, sending: Sending) -> dict[str, Any]:
    record, told = one.record, one.told
    code = told.sstu_code or sending.book.theme(record.topic, record.kind, record.flags)
    if not code:
        raise CodeUnknown(f"У темы {record.topic} нет кода ССТУ", field="topic")
    received = record.received_at.astimezone(sending.zone).date()
    answered = told.answered_on or record.closed_on
    question: dict[str, Any] = {
        "code": code,
        "status": "Answered",
        "incomingDate": received.isoformat(),
        "registrationDate": received.isoformat(),
        "responseDate": answered.isoformat() if answered else "",
    }
    if told.reply:
        question["attachment"] = {"name": told.reply_name or "ответ.pdf", "content": _lines(told.reply)}
    return {
        "departmentId": sending.department,
        "isDirect": True,
        "format": "Other",
        "number": told.incoming_number or record.key,
        "createDate": received.isoformat(),
        "name": record.applicant.full_name,
        "address": record.applicant.address,
        "email": record.applicant.email,
        "questions": [question],
    }


def _lines(raw: bytes) -> str:
    """Base64 in lines of 76 characters that end with CRLF.

    >>> _lines(b"abc")
    'YWJj\\r\\n'
    """
    return base64.encodebytes(raw).decode().replace("\n", "\r\n")
