"""``opora.telephony.ports.Tapes``: voices from the spool folder of the exchange where it is mounted, else over ARI."""

import re
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

import httpx
from django.conf import settings

from opora.adapters.asterisk.settings import AsteriskSettings
from opora.telephony.ports import NoTape, PbxUnavailable
from opora.telephony.tapes import LARGEST

SECONDS = 60.0
REFERENCE = re.compile(r"[\w.@+-]+(/[\w.@+-]+)*", re.ASCII)
TOO_LARGE = "файл больше, чем программа берёт"


class AsteriskTapes:
    """Files of one exchange, by the name the settings know it by."""

    def __init__(self, pbx: str, known: Mapping[str, Any] | None = None) -> None:
        told = settings.PBX if known is None else known
        if told is None or told["name"] != pbx:
            raise PbxUnavailable("АТС с таким именем в настройках нет")
        self._settings = AsteriskSettings(**told)

    def fetch(self, file: str) -> bytes:
        """See the port."""
        path = _inside(file)
        if self._settings.recordings is not None:
            return self._read(self._settings.recordings, path)
        answer = self._ask("GET", f"{_name(path)}/file")
        if answer.status_code == HTTPStatus.NOT_FOUND:
            raise NoTape
        if answer.status_code != HTTPStatus.OK:
            raise PbxUnavailable(f"ARI ответил {answer.status_code}")
        if len(answer.content) > LARGEST:
            raise NoTape(TOO_LARGE)
        return answer.content

    def erase(self, file: str) -> None:
        """See the port."""
        path = _inside(file)
        if self._settings.recordings is not None:
            try:
                _found(self._settings.recordings, path).unlink()
            except NoTape:
                return
            except OSError as fault:
                raise PbxUnavailable("файл на АТС не стирается") from fault
            return
        answer = self._ask("DELETE", _name(path))
        if answer.status_code not in {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_FOUND}:
            raise PbxUnavailable(f"ARI ответил {answer.status_code}")

    def _read(self, folder: Path, path: PurePosixPath) -> bytes:
        file = _found(folder, path)
        try:
            if file.stat().st_size > LARGEST:
                raise NoTape(TOO_LARGE)
            return file.read_bytes()
        except OSError as fault:
            raise PbxUnavailable("файл на АТС не читается") from fault

    def _ask(self, method: str, what: str) -> httpx.Response:
        if not self._settings.ari:
            raise PbxUnavailable("не сказано, где записи: OPORA_PBX_RECORDINGS или OPORA_PBX_ARI")
        login = (self._settings.ari_login, self._settings.ari_secret)
        try:
            with httpx.Client(timeout=SECONDS, auth=login, trust_env=False) as client:
                return client.request(method, f"{self._settings.ari}/ari/recordings/stored/{what}")
        except (httpx.HTTPError, httpx.InvalidURL) as fault:
            raise PbxUnavailable("ARI не отвечает") from fault


def _inside(file: str) -> PurePosixPath:
    """Return a reference as a path that stays inside of the folder. Raises NoTape for any other."""
    if not REFERENCE.fullmatch(file) or {"..", "."} & set(file.split("/")):
        raise NoTape("АТС назвала файл, какого у неё быть не может")
    return PurePosixPath(file)


def _found(folder: Path, path: PurePosixPath) -> Path:
    if not folder.is_dir():
        raise PbxUnavailable("папка записей АТС не видна")
    file = (folder / path).resolve()
    if not file.is_relative_to(folder.resolve()) or not file.is_file():
        raise NoTape
    return file


def _name(path: PurePosixPath) -> str:
    """Return what ARI calls a file: its path without the ending of the format."""
    return quote(str(path.with_suffix("")), safe="")
