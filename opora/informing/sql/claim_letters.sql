-- The next letters of waves whose hour has come, each with the first reason not to print it, or none, and the address to
-- write to: the one of the plan while it is usable, else the best of the others; one with a postcode before one without.
-- Whoever else draws up a run steps over the rows taken here. Read by letters.drawing. Budget: 1 000 of 100 000 under 0.5 s.
WITH next AS MATERIALIZED (
  SELECT year, id, person_id, contact_id, template_id, provider_id, campaign_id, measure, lane, planned_at
    FROM informing_touch
   WHERE year = ANY(%(years)s::int[]) AND wave_id = ANY(%(waves)s::bigint[]) AND state = 'planned'
     AND channel = 'letter' AND not_before <= %(now)s AND (until IS NULL OR until >= %(today)s)
   ORDER BY not_before, id
   LIMIT %(most)s
   FOR UPDATE SKIP LOCKED
), capped AS (
  SELECT * FROM unnest(%(campaigns)s::bigint[], %(capped_since)s::timestamptz[]) AS c(campaign_id, since)
)
SELECT next.year, next.id, next.person_id, next.template_id, next.provider_id, next.campaign_id,
       p.surname, p.given_name, p.patronymic,
       written.id AS contact_id, coalesce(written.value, '') AS contact,
       CASE
         WHEN p.died_on IS NOT NULL THEN 'dead'
         WHEN p.insurer_id IS NULL THEN 'no_policy'
         WHEN p.insurer_id <> %(insurer)s THEN 'other_insurer'
         WHEN p.territory_id <> %(territory)s THEN 'moved'
         WHEN p.provider_id <> next.provider_id AND next.measure NOT IN ('observation', 'hospital') THEN 'other_clinic'
         WHEN next.measure <> 'observation' AND EXISTS (
                      SELECT 1 FROM informing_planentry pe
                       WHERE pe.year = next.year AND pe.measure = next.measure AND pe.person_id = next.person_id
                         AND pe.insurer_id = %(insurer)s AND pe.state = 'passed') THEN 'passed'
         WHEN EXISTS (SELECT 1 FROM informing_touch o
                       WHERE o.person_id = next.person_id AND o.year = next.year AND o.measure = next.measure
                         AND o.outcome = 'refused') THEN 'refused'
         WHEN EXISTS (SELECT 1 FROM informing_reported r
                       WHERE r.person_id = next.person_id AND r.measure = next.measure
                         AND r.outcome IN ('refused', 'passed') AND extract(year FROM r."on") = next.year
                         AND (r.outcome = 'refused' OR next.measure <> 'observation'
                              OR r."on" >= next.planned_at::date)) THEN 'refused'
         WHEN (SELECT c.is_granted FROM insured_consent c
                WHERE c.person_id = next.person_id AND c.channel = 'letter' AND c.purpose = 'informing'
                  AND (c.until IS NULL OR c.until >= %(today)s)
                ORDER BY c.decided_on DESC, c.id DESC LIMIT 1) IS FALSE THEN 'no_consent'
         WHEN next.lane <> 'urgent' AND EXISTS (
                SELECT 1 FROM informing_touch o
                 WHERE o.person_id = next.person_id AND o.campaign_id <> next.campaign_id
                   AND o.sent_at > capped.since) THEN 'too_often'
         ELSE ''
       END AS reason
  FROM next
  JOIN insured_person p ON p.id = next.person_id
  LEFT JOIN capped ON capped.campaign_id = next.campaign_id
  LEFT JOIN LATERAL (
    SELECT c.id, c.value
      FROM insured_contact c
     WHERE c.person_id = next.person_id AND c.kind = 'address' AND c.state IN ('unconfirmed', 'confirmed')
     ORDER BY c.value ~ '\m[1-6]\d{5}\M' DESC, c.id = next.contact_id DESC, c.is_preferred DESC,
              c.state = 'confirmed' DESC, c.confirmed_on DESC NULLS LAST, c.id
     LIMIT 1
  ) written ON true
 ORDER BY next.id
