"""The house of mail without the rest of ours: it starts in a moment."""

import typer

from opora.adapters.mailhouse.commands import mailhouse

if __name__ == "__main__":
    typer.run(mailhouse)
