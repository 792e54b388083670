"""Registering becomes a function: its plans are kept by the session, where a batch was planned anew each time."""

from pathlib import Path

from django.db import migrations

from opora.shared.functions import InstallFunction

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("appeals", "0011_reminder_security")]

    operations = [InstallFunction(SQL / "register.sql", "appeals_register(jsonb)", "6a548e63c6f6d5bf")]
