"""What the database keeps by itself: a message is seen by who got it and by who answers it; rows stay."""

from django.db import migrations

from opora.shared.row_security import protect

OF_MESSAGE = "EXISTS (SELECT 1 FROM feedback_posmessage w WHERE w.id = feedback_{table}.message_id)"  # its own policy
FOREVER = """
CREATE FUNCTION feedback_forever() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a message of the platform keeps its rows: % is not deleted', TG_TABLE_NAME;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("feedback", "0001_initial"), ("organisations", "0002_row_security")]

    operations = [
        protect("feedback_posmessage", "organisations_sees(organisation_id) OR organisations_sees(handler_id)"),
        *[protect(f"feedback_{table}", OF_MESSAGE.format(table=table)) for table in ("step", "errand")],
        migrations.RunSQL(FOREVER, "DROP FUNCTION feedback_forever() CASCADE;"),
        *[
            migrations.RunSQL(
                f"CREATE TRIGGER forever BEFORE DELETE ON feedback_{table} FOR EACH ROW"
                " EXECUTE FUNCTION feedback_forever();",
                f"DROP TRIGGER IF EXISTS forever ON feedback_{table};",
            )
            for table in ("posmessage", "errand")
        ],
    ]
