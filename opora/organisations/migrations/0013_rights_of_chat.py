"""Rights of the chat, Госуслуги and the mailroom for roles of earlier installations.

Rows: the roles named in DEFAULT_ROLES gain what their default set has of these rooms.
"""

from typing import Any

from django.db import migrations

from opora.organisations.roles import DEFAULT_ROLES

ROOMS = ("chat:", "feedback:", "mailroom:")


def add(apps: Any, schema_editor: Any) -> None:
    role = apps.get_model("organisations", "Role")
    for default in DEFAULT_ROLES:
        for row in role.objects.filter(slug=default.slug):
            given = (str(right) for right in default.rights if right.startswith(ROOMS))
            row.rights = sorted({*row.rights, *given})
            row.save(update_fields=["rights"])


class Migration(migrations.Migration):
    dependencies = [("organisations", "0012_rights_of_doors")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
