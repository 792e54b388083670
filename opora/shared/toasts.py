"""Short news at the corner of the page: after a redirect by Django's messages, after an htmx answer by a header.

return toast(response, "Телефон удалён", undo=reverse("insured:contact", args=[pk]))
"""

import json

from django.http import HttpResponseBase

STATES = ("done", "today", "late", "now")


def toast[R: HttpResponseBase](response: R, text: str, *, state: str = "done", undo: str = "") -> R:
    """Show ``text`` when htmx receives the response; ``undo`` is the address a press on «Вернуть» posts to."""
    if state not in STATES:
        raise ValueError(f"no such state: {state}")
    news = {"text": text, "state": state} | ({"undo": undo} if undo else {})
    return trigger(response, "toast", news)


def close_dialog[R: HttpResponseBase](response: R) -> R:
    """Close the dialog from which the form was sent."""
    return trigger(response, "close-dialog", None)


def trigger[R: HttpResponseBase](response: R, event: str, details: object) -> R:
    """Add an event to the HX-Trigger header (ASCII only, so Russian letters are escaped)."""
    events = json.loads(response.headers.get("HX-Trigger", "{}"))
    response.headers["HX-Trigger"] = json.dumps(events | {event: details})
    return response
