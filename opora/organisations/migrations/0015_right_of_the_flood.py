"""The right to decide about a flood of letters as a whole, for roles of earlier installations.

Rows: the roles named in DEFAULT_ROLES gain it where their default set has it.
"""

from typing import Any

from django.db import migrations

from opora.organisations.roles import DEFAULT_ROLES

RIGHT = "doors:flood"


def add(apps: Any, schema_editor: Any) -> None:
    role = apps.get_model("organisations", "Role")
    for default in DEFAULT_ROLES:
        if RIGHT in default.rights:
            for row in role.objects.filter(slug=default.slug):
                row.rights = sorted({*row.rights, RIGHT})
                row.save(update_fields=["rights"])


class Migration(migrations.Migration):
    dependencies = [("organisations", "0014_sees_by_its_own_names")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
