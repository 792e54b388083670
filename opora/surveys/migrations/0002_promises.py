"""What the database keeps by itself: row security, a questionnaire that stays as it was used, answers that stay."""

from django.db import migrations

from opora.shared.row_security import SEES, protect, setting

ROUND = f"""CASE {SEES}
  WHEN 'all' THEN true
  WHEN 'territory' THEN territory = {setting("territory")}
  WHEN 'insurer' THEN insurer_id = {setting("insurer", "bigint")}
                      AND territory = coalesce({setting("territory")}, territory)
  ELSE false END"""
# Ready surveys belong to everybody; who writes them stands in the services.
SURVEY = f"""CASE {SEES}
  WHEN 'all' THEN true
  WHEN 'territory' THEN territory IN ('', {setting("territory")})
  WHEN 'insurer' THEN insurer_id = {setting("insurer", "bigint")} OR (insurer_id IS NULL AND territory = '')
  ELSE false END"""
FROZEN = """
CREATE FUNCTION surveys_version_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR (NEW.survey_id, NEW.number, NEW.content, NEW.used_at)
       IS DISTINCT FROM (OLD.survey_id, OLD.number, OLD.content, OLD.used_at) THEN
    RAISE EXCEPTION 'a questionnaire in use does not change: make its next version' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER version_is_frozen BEFORE UPDATE OR DELETE ON surveys_surveyversion
  FOR EACH ROW WHEN (OLD.used_at IS NOT NULL) EXECUTE FUNCTION surveys_version_is_frozen();
"""
KEPT = """
CREATE FUNCTION surveys_sheet_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a questionnaire that was answered stays as it is' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER sheet_stays BEFORE UPDATE OR DELETE ON surveys_sheet
  FOR EACH ROW EXECUTE FUNCTION surveys_sheet_stays();
CREATE FUNCTION surveys_attempt_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'an attempt stays as it was' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER attempt_stays BEFORE UPDATE ON surveys_attempt
  FOR EACH ROW EXECUTE FUNCTION surveys_attempt_stays();
"""
FUNCTIONS = ("version_is_frozen", "sheet_stays", "attempt_stays")
OF_ROUND = ("cell", "invitee", "waiting", "sheet")


def seen_with(whole: str, table: str) -> str:
    """SQL: who sees the row that ``table`` names sees this one."""
    return f"EXISTS (SELECT 1 FROM surveys_{whole} w WHERE w.id = surveys_{table}.{whole}_id)"


class Migration(migrations.Migration):
    dependencies = [
        ("surveys", "0001_initial"),
        ("organisations", "0002_row_security"),
        ("insured", "0002_row_security"),
    ]

    operations = [
        protect("surveys_round", ROUND),
        protect("surveys_survey", SURVEY),
        protect("surveys_surveyversion", seen_with("survey", "surveyversion")),
        *[protect(f"surveys_{table}", seen_with("round", table)) for table in OF_ROUND],
        protect("surveys_attempt", seen_with("invitee", "attempt")),
        migrations.RunSQL(FROZEN + KEPT, "".join(f"DROP FUNCTION surveys_{name}() CASCADE;" for name in FUNCTIONS)),
    ]
