"""The centre without the rest of the house: it starts in a moment."""

import typer

from opora.adapters.smsc.commands import smsc

if __name__ == "__main__":
    typer.run(smsc)
