"""What the database keeps by itself: whose papers are seen, numbers that stay."""

from django.db import migrations

from opora.shared.row_security import protect

PAGE = "EXISTS (SELECT 1 FROM mailroom_scan w WHERE w.id = mailroom_page.scan_id)"  # its own policy
OWNED = ("numbering", "incoming", "scan", "outgoing", "postlist", "paperevent")
STAYS = """
CREATE FUNCTION mailroom_number_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a line of the book of letters is never deleted' USING ERRCODE = 'check_violation';
  END IF;
  IF (NEW.id, NEW.organisation_id, NEW.year, NEW.sequence, NEW.number, NEW.registered_at, NEW.registered_by_id)
     IS DISTINCT FROM
     (OLD.id, OLD.organisation_id, OLD.year, OLD.sequence, OLD.number, OLD.registered_at, OLD.registered_by_id)
     OR OLD.forgotten_at IS NOT NULL THEN
    RAISE EXCEPTION 'the number of a letter stays as it was given' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER number_stays BEFORE UPDATE OR DELETE ON mailroom_incoming
  FOR EACH ROW EXECUTE FUNCTION mailroom_number_stays();

CREATE FUNCTION mailroom_number_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR NEW.last <> OLD.last + 1 THEN
    RAISE EXCEPTION 'numbers of letters go one by one' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER number_grows BEFORE UPDATE OR DELETE ON mailroom_numbering
  FOR EACH ROW EXECUTE FUNCTION mailroom_number_grows();

CREATE FUNCTION mailroom_forever() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the mailroom keeps its rows: % is not deleted', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER forever BEFORE DELETE ON mailroom_outgoing FOR EACH ROW EXECUTE FUNCTION mailroom_forever();
CREATE TRIGGER forever BEFORE DELETE ON mailroom_postlist FOR EACH ROW EXECUTE FUNCTION mailroom_forever();
"""
DROP = "".join(f"DROP FUNCTION mailroom_{name}() CASCADE;" for name in ("number_stays", "number_grows", "forever"))


class Migration(migrations.Migration):
    dependencies = [("mailroom", "0001_initial"), ("organisations", "0002_row_security")]

    operations = [
        *[protect(f"mailroom_{table}", "organisations_sees(organisation_id)") for table in OWNED],
        protect("mailroom_page", PAGE),
        migrations.RunSQL(STAYS, DROP),
    ]
