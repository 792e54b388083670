-- How long incoming calls of some organisations' lines waited; since and until are moments, half-open. One row.
-- Service level: answered within %(seconds)s s of all that were answered or abandoned later than that.
-- Read by telephony.figures.waiting. Budget: a year of a territory (2 million calls) under 2 s.
SELECT count(*) AS calls, count(*) FILTER (WHERE result = 'answered') AS answered,
       count(*) FILTER (WHERE result = 'abandoned') AS abandoned,
       count(*) FILTER (WHERE result = 'secretary') AS secretary,
       count(*) FILTER (WHERE result = 'answered' AND waited <= %(seconds)s) AS in_time,
       count(*) FILTER (WHERE result = 'answered' OR result = 'abandoned' AND waited > %(seconds)s) AS counted,
       sum(waited) FILTER (WHERE result = 'answered')::bigint AS waited,
       percentile_disc(0.95) WITHIN GROUP (ORDER BY waited) FILTER (WHERE result = 'answered') AS waited_95
  FROM telephony_call
 WHERE organisation_id = ANY (%(organisations)s::bigint[]) AND direction = 'in' AND now = 'ended'
   AND began_at >= %(since)s AND began_at < %(until)s
