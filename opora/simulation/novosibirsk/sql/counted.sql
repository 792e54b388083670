-- What the journal of a territory holds between two moments of registering, and what became of its complaints.
-- One row; counted over appeals, reasons and cases, whatever the scenario aimed at. Read by novosibirsk.months.counted.
-- Budget: 70 000 appeals of a million under 1 s.
WITH of_months AS (
  SELECT a.id, a.kind, a.form, a.channel, a.verdict, a.closed_at, a.due_at, a.answered_at, o.kind AS office
    FROM appeals_appeal a
    JOIN organisations_organisation o ON o.id = a.organisation_id
   WHERE a.territory_id = %(territory)s AND a.registered_at >= %(since)s AND a.registered_at < %(until)s
), complained AS (
  SELECT m.id, r.topic_code, t.rows #>> '{pg-a,complaint}' AS line
    FROM of_months m JOIN appeals_reason r ON r.appeal_id = m.id JOIN classifiers_topic t ON t.id = r.topic_id
   WHERE m.kind = 'complaint'
)
SELECT count(*) AS appeals,
       count(*) FILTER (WHERE kind = 'consultation') AS consultations,
       count(*) FILTER (WHERE form = 'oral') AS oral,
       count(*) FILTER (WHERE channel = 'hot_line' AND office = 'fund') AS fund_line,
       count(*) FILTER (WHERE channel = 'hot_line' AND office = 'insurer') AS insurers_lines,
       count(*) FILTER (WHERE channel = 'feedback') AS feedback,
       count(*) FILTER (WHERE channel = 'feedback' AND kind = 'consultation') AS feedback_consultations,
       count(*) FILTER (WHERE channel = 'feedback' AND kind = 'consultation' AND office = 'insurer')
         AS feedback_by_insurers,
       count(*) FILTER (WHERE channel = 'chat') AS chat,
       count(*) FILTER (WHERE kind = 'complaint') AS complaints,
       count(*) FILTER (WHERE verdict IN ('justified', 'pretrial', 'court')) AS justified,
       (SELECT count(*) FROM complained WHERE line = 'ж11') AS quality,
       (SELECT count(*) FROM complained WHERE topic_code = '13.2') AS not_received,
       count(*) FILTER (WHERE closed_at IS NOT NULL AND (due_at IS NULL OR coalesce(answered_at, closed_at) <= due_at))
         AS in_time,
       count(*) FILTER (WHERE closed_at IS NULL) AS still_open,
       (SELECT count(*) FROM complaints_case c JOIN of_months m ON m.id = c.appeal_id) AS cases,
       (SELECT count(DISTINCT s.case_id) FROM complaints_restoration s JOIN of_months m ON m.id = s.case_id) AS restored
  FROM of_months
