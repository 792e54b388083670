-- Takes the next touches of a wave and a clock that may go now and says so before anybody is called: planned → sending.
-- What has changed since the plan is looked at here: death, another insurer, territory or clinic, a number or an address
-- that is no more his or works no more, a word against the channel, a refusal that a partner reports (of observation,
-- with its several visits, a word younger than the plan), a touch of another campaign within the cap. One clock at a
-- time: the index has its touches in their order. Read by dispatch.claim. Budget: 500 of 5 million waiting under 40 ms.
WITH next AS MATERIALIZED (
  SELECT year, id, person_id, provider_id, territory, contact_id, address, measure, planned_at, attempts
    FROM informing_touch
   WHERE year = %(year)s AND wave_id = %(wave)s AND state = 'planned' AND zone = %(zone)s
     AND not_before <= %(now)s
   ORDER BY not_before
   LIMIT %(most)s
   FOR UPDATE SKIP LOCKED
), judged AS MATERIALIZED (
  SELECT next.year, next.id,
         CASE
           WHEN p.died_on IS NOT NULL OR p.insurer_id IS DISTINCT FROM %(insurer)s THEN 'cancelled'
           WHEN p.territory_id <> next.territory THEN 'cancelled'
           WHEN p.provider_id <> next.provider_id AND next.measure NOT IN ('observation', 'hospital') THEN 'cancelled'
           WHEN next.contact_id IS NOT NULL AND NOT EXISTS (
                  SELECT 1 FROM insured_contact c
                   WHERE c.id = next.contact_id AND c.person_id = next.person_id
                     AND c.state IN ('unconfirmed', 'confirmed')
                     AND coalesce(nullif(c.normalised, ''), c.value) = next.address) THEN 'cancelled'
           WHEN (SELECT c.is_granted FROM insured_consent c
                  WHERE c.person_id = next.person_id AND c.channel = %(channel)s AND c.purpose = 'informing'
                    AND (c.until IS NULL OR c.until >= %(today)s)
                  ORDER BY c.decided_on DESC, c.id DESC LIMIT 1) IS FALSE THEN 'cancelled'
           WHEN EXISTS (
                  SELECT 1 FROM informing_reported r
                   WHERE r.person_id = next.person_id AND r.measure = next.measure AND r.outcome IN ('refused', 'passed')
                     AND extract(year FROM r."on") = next.year
                     AND (r.outcome = 'refused' OR next.measure <> 'observation' OR r."on" >= next.planned_at::date))
             THEN 'cancelled'
           -- He came while this message was with a provider who then had no room for it: what waits was spared without it.
           WHEN next.attempts > 0 AND EXISTS (
                  SELECT 1 FROM informing_visit v JOIN informing_roll r ON r.id = v.roll_id
                   WHERE v.year = next.year AND v.measure = next.measure AND v.person_id = next.person_id
                     AND v.corrected_by IS NULL AND r.loaded_at >= next.planned_at
                     AND (next.measure <> 'observation' OR v."on" >= next.planned_at::date)) THEN 'passed'
           WHEN %(capped)s AND EXISTS (
                  SELECT 1 FROM informing_touch o
                   WHERE o.year = ANY(%(years)s::int[]) AND o.person_id = next.person_id AND o.campaign_id <> %(campaign)s
                     AND o.sent_at > %(capped_since)s) THEN 'planned'
           ELSE 'sending'
         END AS state
    FROM next JOIN insured_person p ON p.id = next.person_id
)
UPDATE informing_touch t
   SET state = CASE WHEN judged.state = 'passed' THEN 'cancelled' ELSE judged.state END,
       not_before = CASE WHEN judged.state = 'planned' THEN %(now)s + interval '1 day' ELSE t.not_before END,
       final_at = CASE WHEN judged.state IN ('cancelled', 'passed') THEN %(now)s END,
       outcome = CASE judged.state WHEN 'cancelled' THEN 'impossible' WHEN 'passed' THEN 'passed' ELSE '' END,
       claimed_at = CASE WHEN judged.state = 'sending' THEN now() END,
       claimed_by = %(worker)s, gateway_id = %(gateway)s,
       attempts = t.attempts + (judged.state = 'sending')::int
  FROM judged
 WHERE t.year = judged.year AND t.id = judged.id
RETURNING t.id, t.person_id, t.provider_id, t.address, t.template_id, t.state, t.attempts
