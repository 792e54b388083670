"""Mailboxes of the demonstration and the letters that lie in them at the start, to be fetched by the worker."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

BOXES = {"sp1": "pochta@severnyj-shchit.example", "op1": "pochta@tfoms.example"}  # role of who works with it → address
PAGE = """<html><head><style>p {{color: #333}}</style></head><body><table><tr><td>
<p>Добрый день.</p><p>{0}</p><ul><li>{1}</li><li>{2}</li></ul><p>С уважением,<br><b>{3}</b></p>
<img src="https://letters.example/pixel.gif" width="1" height="1"></td></tr></table></body></html>"""


def lay_letters(folder: Path) -> None:
    """Write a folder for each mailbox, with a letter of HTML alone in the insurer's; what lies there stays."""
    for address in BOXES.values():
        (folder / address).mkdir(parents=True, exist_ok=True, mode=0o700)
    file = folder / BOXES["sp1"] / "1.eml"
    if not file.exists():
        file.write_bytes(bytes(_letter()))


def _letter() -> EmailMessage:
    letter = EmailMessage()
    letter["From"] = "Вера Ясенева <v.yaseneva@pochta.example>"
    letter["To"] = BOXES["sp1"]
    letter["Subject"] = "Ребёнку нужен полис"
    letter["Message-ID"] = "<rebenku-nuzhen-polis@pochta.example>"
    said = (
        "Родилась дочь, ей две недели. Подскажите:",
        "до какого дня нужно получить полис;",
        "примут ли нас в поликлинике, пока его нет.",
        "Вера Ясенева",
    )
    letter.set_content(PAGE.format(*said), subtype="html")
    return letter
