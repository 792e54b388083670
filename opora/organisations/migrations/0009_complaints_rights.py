"""Rights of complaints for roles of earlier installations: each default role gains those of its default set.

Rows: the roles named in DEFAULT_ROLES; rights of other rooms are never touched.
"""

from typing import Any

from django.db import migrations

from opora.organisations.roles import DEFAULT_ROLES


def add(apps: Any, schema_editor: Any) -> None:
    role = apps.get_model("organisations", "Role")
    for default in DEFAULT_ROLES:
        new = {str(right) for right in default.rights if str(right).startswith("complaints:")}
        for row in role.objects.filter(slug=default.slug):
            row.rights = sorted({*row.rights, *new})
            row.save(update_fields=["rights"])


class Migration(migrations.Migration):
    dependencies = [("organisations", "0008_channels_rights")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
