"""``python -m opora.adapters.poshouse``."""

import typer

from opora.adapters.poshouse.commands import poshouse

typer.run(poshouse)
