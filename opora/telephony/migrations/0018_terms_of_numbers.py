"""How long numbers of callers are kept unless an organisation says otherwise: as long as the talks themselves."""

from typing import Any

from django.db import migrations

DAYS = 365  # No act we have read settles it: ours until a lawyer says another.


def term(apps: Any, schema_editor: Any) -> None:
    schema_editor.execute("SELECT set_config('opora.sees', 'all', true)")
    apps.get_model("telephony", "Keeping").objects.create(kind="phone", days=DAYS, source="[own]")
    schema_editor.execute("SELECT set_config('opora.sees', '', true)")
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with unchecked rows cannot be altered


class Migration(migrations.Migration):
    dependencies = [("telephony", "0017_numbers_have_a_term")]

    operations = [migrations.RunPython(term, migrations.RunPython.noop)]
