"""Who keeps suits of recourse and public informing, for roles of earlier installations.

Rows: the roles named in DEFAULT_ROLES gain these two rights where their default set has them.
"""

from typing import Any

from django.db import migrations

from opora.organisations.roles import DEFAULT_ROLES

NEW = {"complaints:recourse", "informing:public"}


def add(apps: Any, schema_editor: Any) -> None:
    role = apps.get_model("organisations", "Role")
    for default in DEFAULT_ROLES:
        given = NEW & {str(right) for right in default.rights}
        for row in role.objects.filter(slug=default.slug) if given else ():
            row.rights = sorted({*row.rights, *given})
            row.save(update_fields=["rights"])


class Migration(migrations.Migration):
    dependencies = [("organisations", "0015_right_of_the_flood")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
