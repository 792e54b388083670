"""Whose an extension is everybody on the exchange may read, only its organisation changes; who sits down sits at home."""

from django.db import migrations

from opora.appeals.security import ALL, ORGANISATION

OWN = f"{ALL} OR organisation_id = {ORGANISATION}"
TABLE = "telephony_extensionrange"
PROTECT = f"""
ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {TABLE} FORCE ROW LEVEL SECURITY;
CREATE POLICY known ON {TABLE} FOR SELECT USING (true);
CREATE POLICY scope ON {TABLE} USING ({OWN}) WITH CHECK ({OWN});
"""
UNPROTECT = f"""
DROP POLICY IF EXISTS known ON {TABLE};
DROP POLICY IF EXISTS scope ON {TABLE};
ALTER TABLE {TABLE} NO FORCE ROW LEVEL SECURITY;
ALTER TABLE {TABLE} DISABLE ROW LEVEL SECURITY;
"""
AT_HOME = """
CREATE FUNCTION telephony_at_home() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM telephony_extensionrange r WHERE r.pbx = NEW.pbx) AND NOT EXISTS (
    SELECT 1 FROM telephony_extensionrange r
     WHERE r.pbx = NEW.pbx AND r.organisation_id = NEW.organisation_id AND length(r.first) = length(NEW.extension)
       AND NEW.extension COLLATE "C" BETWEEN r.first AND r.last) THEN
    RAISE EXCEPTION 'extension % is not of organisation %', NEW.extension, NEW.organisation_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'agent_at_home';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER at_home BEFORE INSERT OR UPDATE OF employee_id, organisation_id, pbx, extension ON telephony_agent
  FOR EACH ROW WHEN (NEW.employee_id IS NOT NULL) EXECUTE FUNCTION telephony_at_home();
"""


class Migration(migrations.Migration):
    dependencies = [("telephony", "0014_extensions_of_who_sits")]

    operations = [
        migrations.RunSQL(PROTECT, UNPROTECT),
        migrations.RunSQL(AT_HOME, "DROP TRIGGER at_home ON telephony_agent; DROP FUNCTION telephony_at_home();"),
    ]
