"""What the database keeps by itself: row security, an expert who does not check his own clinic, acts in their order."""

from django.db import migrations

from opora.shared.row_security import owned, protect

OF_CASE = ("case", "caseevent", "restoration", "dispute", "doubtedservice")
EXPERT = """
CREATE FUNCTION complaints_expert_is_free() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE day date := (NEW.assigned_at AT TIME ZONE (
  SELECT coalesce(nullif(o.time_zone, ''), t.time_zone) FROM organisations_organisation o
    JOIN organisations_territory t ON t.code = o.territory_id WHERE o.id = NEW.made_by_id))::date;
BEGIN
  IF EXISTS (SELECT 1 FROM complaints_employment e
              WHERE e.expert_id = NEW.expert_id AND e.provider_id = NEW.provider_id
                AND e.since <= day AND (e.until IS NULL OR e.until >= day)) THEN
    RAISE EXCEPTION 'the expert works in the clinic he would check' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER expert_is_free BEFORE INSERT OR UPDATE OF expert_id, provider_id, assigned_at ON complaints_control
  FOR EACH ROW EXECUTE FUNCTION complaints_expert_is_free();
"""
ACT = """
CREATE FUNCTION complaints_act_after_request() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.act_on < (SELECT r.asked_at::date - 1 FROM complaints_recordsrequest r WHERE r.id = NEW.request_id) THEN
    RAISE EXCEPTION 'an act comes after the request for the documents' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER act_after_request BEFORE INSERT OR UPDATE OF act_on ON complaints_control
  FOR EACH ROW WHEN (NEW.act_on IS NOT NULL) EXECUTE FUNCTION complaints_act_after_request();
"""
FOREVER = """
CREATE FUNCTION complaints_forever() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a case keeps its rows: % is not deleted', TG_TABLE_NAME;
END $$;
"""
KEPT = ("case", "recordsrequest", "paper", "control", "claim", "restoration", "dispute")


class Migration(migrations.Migration):
    dependencies = [("complaints", "0001_initial"), ("organisations", "0002_row_security")]

    operations = [
        *[protect(f"complaints_{table}", owned(by_clinic="false")) for table in OF_CASE],
        protect("complaints_recordsrequest", owned()),
        protect("complaints_control", owned(by_clinic="handed_at IS NOT NULL")),
        protect("complaints_claim", owned()),
        protect(
            "complaints_paper",
            "EXISTS (SELECT 1 FROM complaints_recordsrequest r WHERE r.id = complaints_paper.request_id)",
        ),
        protect(
            "complaints_violation",
            "EXISTS (SELECT 1 FROM complaints_control c WHERE c.id = complaints_violation.control_id)",
        ),
        migrations.RunSQL(
            EXPERT + ACT + FOREVER,
            "".join(
                f"DROP FUNCTION complaints_{name}() CASCADE;"
                for name in ("expert_is_free", "act_after_request", "forever")
            ),
        ),
        *[
            migrations.RunSQL(
                f"CREATE TRIGGER forever BEFORE DELETE ON complaints_{table} FOR EACH ROW"
                " EXECUTE FUNCTION complaints_forever();",
                f"DROP TRIGGER IF EXISTS forever ON complaints_{table};",
            )
            for table in KEPT
        ],
    ]
