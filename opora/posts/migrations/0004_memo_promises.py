"""Whose rooms and memos are seen: those of the insurer whose post it is, not a clinic."""

from django.db import migrations

from opora.shared.row_security import owned, protect


class Migration(migrations.Migration):
    dependencies = [("posts", "0003_stop_memo"), ("organisations", "0002_row_security")]

    operations = [protect(f"posts_{table}", owned(by_clinic="false")) for table in ("stop", "memo")]
