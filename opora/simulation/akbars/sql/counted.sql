-- The indicators of an insurer's year beside informing, counted over its rows whatever the scenario aimed at. One row.
-- Moments are half-open, days inclusive. Read by simulation.akbars.rest.count. Budget: 200 000 appeals under 2 s.
WITH own AS (
  SELECT a.*, extract(hour FROM a.received_at AT TIME ZONE 'Europe/Moscow') AS hour,
         t.rows #>> '{pg-a,complaint}' AS topic_line
    FROM appeals_appeal a JOIN classifiers_topic t ON t.id = a.topic_id
   WHERE a.territory_id = %(territory)s AND a.registered_at >= %(since)s AND a.registered_at < %(until)s
), asked AS (
  SELECT s.id, v.code, h.answers
    FROM surveys_round s JOIN surveys_survey v ON v.id = s.survey_id JOIN surveys_sheet h ON h.round_id = s.id
   WHERE s.insurer_id = %(insurer)s AND s.state = 'closed' AND s.until BETWEEN %(first)s AND %(last)s
), claimed AS (
  SELECT m.decision
    FROM complaints_claim m JOIN complaints_control c ON c.id = m.control_id
   WHERE c.made_by_id = %(insurer)s AND c.kind = 'ekmp' AND m.filed_at >= %(since)s AND m.filed_at < %(until)s
)
SELECT (SELECT count(*) FROM own WHERE organisation_id = %(insurer)s) AS appeals,
       (SELECT count(DISTINCT hour) FROM own WHERE organisation_id = %(insurer)s AND channel = 'hot_line') AS hours,
       (SELECT count(*) FROM own WHERE organisation_id = %(insurer)s AND call_id <> '' AND line = 'sp2' AND line_received = 'sp1'
           AND closed_at - received_at < interval '30 minutes') AS on_the_call,
       (SELECT count(*) FROM asked) AS surveyed,
       (SELECT count(*) FROM asked WHERE code = 'contact_centre') AS centre,
       (SELECT count(*) FROM asked WHERE code = 'contact_centre' AND answers -> 'helped' ->> 0 = 'yes') AS satisfied,
       (SELECT count(*) FROM own WHERE organisation_id = %(insurer)s AND kind = 'complaint') AS complaints,
       (SELECT count(*) FROM own WHERE organisation_id = %(insurer)s AND verdict IN ('justified', 'pretrial', 'court'))
         AS justified,
       (SELECT count(*) FROM own WHERE organisation_id = %(insurer)s AND verdict = 'pretrial') AS pretrial,
       (SELECT count(*) FROM claimed) AS claims,
       (SELECT count(*) FROM claimed WHERE decision = 'justified') AS claims_justified,
       (SELECT count(*) FROM own JOIN organisations_organisation o ON o.id = own.organisation_id
         WHERE o.kind = 'fund' AND own.kind = 'complaint' AND own.topic_line LIKE 'ж14%%'
           AND own.verdict IN ('justified', 'pretrial', 'court')) AS on_insurer,
       (SELECT count(*) FROM policies_handover h JOIN policies_delivery d ON d.id = h.delivery_id
         WHERE d.insurer_id = %(insurer)s AND h."on" BETWEEN %(first)s AND %(last)s) AS delivered
