"""Functions of the database: the text stands in one file, a migration puts it there, sessions keep its plans.

The migration names the hash of the text it installs: whoever changes the file writes a new migration, and a test of the
house holds the newest one against the file.
"""

from hashlib import sha256
from pathlib import Path

from django.db import migrations

from opora.shared.sql import text


class InstallFunction(migrations.RunSQL):
    """Make or replace the function of ``path``. On the way back the function of that name goes."""

    def __init__(self, path: Path, signature: str, digest: str) -> None:
        super().__init__(text(path), f"DROP FUNCTION IF EXISTS {signature}")
        self.path, self.signature, self.digest = path, signature, digest

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        return self.__class__.__qualname__, [self.path, self.signature, self.digest], {}


def digest_of(path: Path) -> str:
    """Return the hash a migration names: of the statement, without the comment above it."""
    return sha256(text(path).encode()).hexdigest()[:16]
