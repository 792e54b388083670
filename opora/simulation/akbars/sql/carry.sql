-- What became of each touch of a written wave: who is gone or has come before his hour, what the provider or the post
-- answered, and when. «goes» ends with the touch that fills a quota: what stands after it is not sent this year.
-- Read by carry.carry. Budget: 700 000 touches under 40 s.
CREATE TEMPORARY TABLE carried ON COMMIT DROP AS
WITH told AS (
  SELECT DISTINCT person_id FROM informing_touch
   WHERE year = %(year)s AND insurer_id = %(insurer)s AND measure = %(measure)s AND wave_id <> %(wave)s
     AND state = ANY(%(states)s) AND purpose = ANY(%(purposes)s) AND NOT outcome = ANY(%(vain)s)
), met AS (
  SELECT t.id, t.person_id, t.zone, t.not_before, told.person_id IS NULL AS is_first, coming.on_day,
         t.not_before + (1 + pg_temp.chance(y.enp, %(salt)s + 1) * 25) * interval '1 second' AS at,
         pg_temp.chance(y.enp, %(salt)s + 2) AS later,
         CASE WHEN y.died_on <= (t.not_before AT TIME ZONE t.zone)::date
                   OR y.left_on < (t.not_before AT TIME ZONE t.zone)::date THEN 'gone'
              WHEN coming.on_day < (t.not_before AT TIME ZONE t.zone)::date THEN 'came'
              WHEN pg_temp.chance(y.enp, %(salt)s) < %(refused)s THEN 'refused'
              WHEN pg_temp.chance(y.enp, %(salt)s) < %(undelivered)s
                   OR pg_temp.chance(y.enp, %(seed)s + 11) < %(bad)s THEN 'undelivered'
              WHEN pg_temp.chance(y.enp, %(salt)s) < %(silent)s THEN 'silent'
              ELSE 'delivered' END AS fate
    FROM informing_touch t
    JOIN year_people y ON y.person_id = t.person_id
    LEFT JOIN coming ON coming.person_id = t.person_id AND coming.measure = t.measure
    LEFT JOIN told ON told.person_id = t.person_id
   WHERE t.year = %(year)s AND t.wave_id = %(wave)s AND t.state = 'planned'
), counted AS (
  SELECT met.*,
         count(*) FILTER (WHERE fate IN ('delivered', 'silent') AND is_first) OVER turn AS firsts,
         count(*) FILTER (WHERE fate IN ('delivered', 'silent') AND NOT is_first) OVER turn AS repeats
    FROM met
  WINDOW turn AS (ORDER BY not_before, id ROWS UNBOUNDED PRECEDING)
)
SELECT id, fate, is_first, at, not_before, firsts <= %(firsts)s AND repeats <= %(repeats)s AS goes,
       CASE fate WHEN 'came' THEN (on_day + 1)::timestamp AT TIME ZONE zone
                 WHEN 'silent' THEN at + interval '0.4 seconds' + %(silence)s
                 WHEN 'delivered' THEN at + (2.4 + later * 90) * interval '1 second'
                 WHEN 'undelivered' THEN at + (1 + later * %(returns)s) * interval '1 hour'
                 ELSE at END AS final_at
  FROM counted;
CREATE UNIQUE INDEX ON carried (id);
ANALYZE carried
