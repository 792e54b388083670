"""The command line, composed room by room."""

import typer

app = typer.Typer(name="opora", no_args_is_help=True, help="Опора — контакт-центр ОМС.")


@app.callback()
def opora() -> None:
    """Опора — контакт-центр ОМС."""


def main() -> None:
    app()
