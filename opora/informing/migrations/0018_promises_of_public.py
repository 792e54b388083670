"""Public informing is seen by who told it and by the fund; its history with it. None of it is deleted."""

from django.db import migrations

from opora.shared.row_security import owned, protect

KEPT = """
CREATE FUNCTION informing_public_forever() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'what was told in public keeps its row: take it back instead';
END $$;
CREATE TRIGGER forever BEFORE DELETE ON informing_publicinforming FOR EACH ROW
  EXECUTE FUNCTION informing_public_forever();
"""


class Migration(migrations.Migration):
    dependencies = [("informing", "0017_public")]

    operations = [
        protect("informing_publicinforming", owned(by_clinic="false")),
        protect(
            "informing_publicevent",
            "EXISTS (SELECT 1 FROM informing_publicinforming p WHERE p.id = informing_publicevent.row_id)",
        ),
        migrations.RunSQL(KEPT, "DROP FUNCTION informing_public_forever() CASCADE;"),
    ]
