"""What the database keeps by itself: whose records are seen, records that stay."""

from django.db import migrations

from opora.shared.row_security import owned, protect

STAYS = """
CREATE FUNCTION posts_record_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.appeal_id IS NOT NULL OR OLD.settled_at IS NOT NULL
     OR (NEW.key, NEW.post_id, NEW.employee_id, NEW.at, NEW.device_at, NEW.received_at)
        IS DISTINCT FROM (OLD.key, OLD.post_id, OLD.employee_id, OLD.at, OLD.device_at, OLD.received_at) THEN
    RAISE EXCEPTION 'a record of a post stays as it came' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER record_stays BEFORE UPDATE OR DELETE ON posts_record
  FOR EACH ROW EXECUTE FUNCTION posts_record_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("posts", "0001_initial"), ("organisations", "0002_row_security")]

    operations = [
        protect("posts_seal", owned(by_clinic="false")),
        protect("posts_record", owned(by_clinic="false")),
        migrations.RunSQL(STAYS, "DROP FUNCTION posts_record_stays() CASCADE;"),
    ]
