"""Whose voices are whose, how long they are kept unless an organisation says otherwise, and that a term once set stays.

A voice belongs to the organisation of its line and to the one that served the call. Terms are read by everybody who has
none of her own and changed by a new row.
"""

from typing import Any

from django.db import migrations

from opora.appeals.security import ALL, ORGANISATION
from opora.shared.row_security import protect

OWN = f"{ALL} OR organisation_id = {ORGANISATION}"
# No act we have read settles either term: both are ours until a lawyer says another.
TERMS = {"talk": 365, "voice": 180}


def terms(apps: Any, schema_editor: Any) -> None:
    for kind, days in TERMS.items():
        apps.get_model("telephony", "Keeping").objects.create(kind=kind, days=days, source="[own]")
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with unchecked rows cannot be altered


class Migration(migrations.Migration):
    dependencies = [("telephony", "0005_recordings"), ("appeals", "0001_initial"), ("complaints", "0001_initial")]

    operations = [
        migrations.RunPython(terms, migrations.RunPython.noop),
        protect("telephony_recording", f"{OWN} OR served_id = {ORGANISATION}"),
        protect("telephony_keeping", f"{OWN} OR organisation_id IS NULL", insert=OWN),
    ]
