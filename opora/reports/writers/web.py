"""HTML that stands alone: no script, no address of anything outside the file."""

from __future__ import annotations

from django.template.loader import render_to_string

from opora.reports.writers.layout import Paper


def web(paper: Paper) -> bytes:
    return render_to_string("reports/paper.html", {"paper": paper}).encode()
