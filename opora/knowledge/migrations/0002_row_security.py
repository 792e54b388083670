"""A template is read by its organisation, the fund above it and the insurer's branches; a wording like its template.

Answer cards have no row security: they hold nothing of persons, and every organisation of a territory reads them aloud.
"""

from django.db import migrations

from opora.shared.row_security import protect, setting


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0001_initial"), ("organisations", "0006_journal_rights")]

    operations = [
        protect(
            "knowledge_lettertemplate",
            f"organisations_sees(organisation_id) OR organisation_id = {setting('insurer', 'bigint')}",
        ),
        protect(
            "knowledge_templatetext",
            "EXISTS (SELECT 1 FROM knowledge_lettertemplate t WHERE t.id = template_id)",
        ),
    ]
