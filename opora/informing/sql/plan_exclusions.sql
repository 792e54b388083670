-- Those who are not written to, each with the reason. Read by planning.plan. Budget: with plan_touches.sql.
INSERT INTO informing_exclusion (year, wave_id, person_id, territory, insurer_id, provider_id, reason)
SELECT %(year)s, %(wave)s, person_id, %(territory)s, %(insurer)s, provider_id, reason FROM judged WHERE reason <> ''
