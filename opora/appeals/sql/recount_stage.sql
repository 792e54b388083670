-- Where counted inputs wait to be compared with the clocks. Run by appeals.recount; gone with the transaction.
CREATE TEMPORARY TABLE IF NOT EXISTS recounted (
    term text, started_on date, territory text, extension smallint, pauses jsonb,
    due_on date, warn_on jsonb, law_version text, calendar_version text
) ON COMMIT DROP;
TRUNCATE recounted
