-- Who fell out of observation or waits too long, in one territory: one row for each reason. Lawful last days come with
-- the parameters (working days are counted by packs of deadlines). Read by observing.nightly.
-- Budget: 750 000 observations, 1.5 million planned visits under 30 s, each night.
CREATE TEMPORARY TABLE gaps_now ON COMMIT DROP AS
WITH lawful AS (
  SELECT * FROM unnest(%(services)s::text[], %(starts)s::date[], %(dues)s::date[], %(whys)s::text[])
             AS l(service, started_on, due_on, why)
), watched AS MATERIALIZED (
  SELECT person_id FROM informing_observation
   WHERE territory = %(territory)s AND person_id IS NOT NULL AND (until IS NULL OR until > %(today)s)
   GROUP BY person_id
), found AS (
  (SELECT DISTINCT ON (v.person_id, v.diagnosis)
          'missed' AS kind, 'planned' AS source, v.id AS source_id, v.person_id, v.insurer_id, v.provider_id,
          v.diagnosis, v.visit_to AS due_on, NULL::date AS happened_on, '' AS why
     FROM informing_plannedvisit v
    WHERE v.territory = %(territory)s AND v.came_on IS NULL AND v.visit_to < %(today)s
      AND v.visit_to > %(today)s::date - 365
      AND NOT EXISTS (SELECT FROM informing_observation o
                       WHERE o.person_id = v.person_id AND o.until <= v.visit_to
                         AND (v.diagnosis = '' OR o.diagnosis = v.diagnosis))
      AND NOT EXISTS (SELECT FROM informing_visit came
                       WHERE came.person_id = v.person_id AND came.measure = 'observation' AND came."on" > v.visit_to
                         AND came.corrected_by IS NULL)
    ORDER BY v.person_id, v.diagnosis, v.visit_to DESC)
  UNION ALL
  SELECT 'ended', 'observation', id, person_id, insurer_id, provider_id, diagnosis, until, NULL, ''
    FROM informing_observation
   WHERE territory = %(territory)s AND until <= %(today)s AND until > %(today)s::date - 730 AND reason_out = ''
  UNION ALL
  (SELECT DISTINCT ON (o.person_id)
          'unplanned', 'observation', o.id, o.person_id, o.insurer_id, o.provider_id, o.diagnosis,
          greatest(coalesce(o.since, o.diagnosed_on, %(first)s), %(first)s), NULL, ''
     FROM informing_observation o
    WHERE o.territory = %(territory)s AND (o.until IS NULL OR o.until > %(today)s)
      AND NOT EXISTS (SELECT FROM informing_plannedvisit v
                       WHERE v.person_id = o.person_id AND v.visit_to >= %(first)s AND v.visit_from <= %(last)s)
    ORDER BY o.person_id, o.id)
  UNION ALL
  (SELECT DISTINCT ON (v.person_id)
          'group_three', 'visit', v.id, v.person_id, v.insurer_id, v.provider_id, '', v."on", NULL, v.result
     FROM informing_visit v
    WHERE v.territory = %(territory)s AND v.year IN (%(year)s, %(year)s - 1) AND v.measure <> 'observation'
      AND v.corrected_by IS NULL AND lower(v.result) = ANY(%(group_three)s::text[])
      AND NOT EXISTS (SELECT FROM watched WHERE watched.person_id = v.person_id)
    ORDER BY v.person_id, v."on" DESC, v.id DESC)
  UNION ALL
  SELECT 'cancer', 'observation', o.id, o.person_id, o.insurer_id, o.provider_id, o.diagnosis, lawful.due_on, o.since,
         lawful.why
    FROM informing_observation o
    JOIN lawful ON lawful.service = 'DN' AND lawful.started_on = o.diagnosed_on
   WHERE o.territory = %(territory)s AND o.diagnosis ~ %(cancer)s
     AND (o.since > lawful.due_on OR (o.since IS NULL AND o.until IS NULL))
  UNION ALL
  SELECT 'cancer', 'referral', r.id, r.person_id, r.insurer_id, r.provider_id, r.diagnosis, lawful.due_on,
         r.admitted_on, lawful.why
    FROM informing_referral r
    JOIN lawful ON lawful.service = 'HOSP' AND lawful.started_on = r.issued_on
   WHERE r.territory = %(territory)s AND r.diagnosis ~ %(cancer)s AND r.cancelled_on IS NULL
     AND (r.admitted_on IS NULL OR r.admitted_on > lawful.due_on)
)
SELECT found.* FROM found
  JOIN insured_person p ON p.id = found.person_id AND p.insurer_id = found.insurer_id AND p.died_on IS NULL
