-- What messages of two years say of a contact: when the last one arrived, how many in a row did not since then, or
-- since somebody confirmed it. Only those that went out count. Read by quality.nightly.weigh.
-- Budget: 5.4 million touches a year under 30 s, two sweeps, each night.
CREATE TEMPORARY TABLE weighed ON COMMIT DROP AS
WITH good AS (
  SELECT contact_id, max(final_at) AS at
    FROM informing_touch
   WHERE year IN (%(year)s, %(year)s - 1) AND contact_id IS NOT NULL AND state = 'delivered'
     AND channel IN ('sms', 'messenger', 'email')
   GROUP BY contact_id
), bad AS (
  SELECT t.contact_id, count(*) AS failures
    FROM informing_touch t
    JOIN insured_contact c ON c.id = t.contact_id AND c.person_id = t.person_id
    LEFT JOIN good ON good.contact_id = t.contact_id
   WHERE t.year IN (%(year)s, %(year)s - 1) AND t.state = 'failed' AND t.outcome IN ('undelivered', 'returned')
     AND t.sent_at IS NOT NULL AND t.final_at > coalesce(good.at, '-infinity')
     AND t.final_at::date > coalesce(c.confirmed_on, '-infinity')
   GROUP BY t.contact_id
)
SELECT c.id, c.person_id, c.state, c.failures AS failed_before, least(coalesce(bad.failures, 0), 999)::int AS failures,
       CASE WHEN c.state = 'unconfirmed' AND good.at IS NOT NULL AND bad.failures IS NULL THEN 'confirmed'
            WHEN c.state = 'confirmed' AND bad.failures >= %(tired)s THEN 'unconfirmed'
            ELSE c.state END AS becomes,
       CASE WHEN c.confirmed_by = 'delivery' OR c.state = 'unconfirmed' THEN good.at::date END AS arrived_on,
       c.confirmed_on
  FROM insured_contact c
  LEFT JOIN good ON good.contact_id = c.id
  LEFT JOIN bad ON bad.contact_id = c.id
 WHERE (good.at IS NOT NULL OR bad.failures IS NOT NULL OR c.failures > 0) AND c.state IN ('unconfirmed', 'confirmed')
