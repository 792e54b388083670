-- Everybody a round may be about, with his cell, the number to reach him by and whether he may be asked. Read by drawing.
-- Village or town by the words of his address; without an address he counts as of a town. One row per person.
-- Budget: 3 246 424 people under 60 s; one sweep of each table, no loops.
CREATE TEMPORARY TABLE surveyed ON COMMIT DROP AS
WITH listed AS (
  SELECT t.person_id, bool_or(t.came_on IS NOT NULL) AS came
    FROM informing_touch t
   WHERE %(source)s IN ('came', 'missed') AND t.year = %(campaign_year)s AND t.campaign_id = %(campaign)s
     AND (t.came_on IS NOT NULL OR t.state IN ('sent', 'delivered', 'done', 'silent'))
   GROUP BY t.person_id
), reached AS (
  -- The order of opora.insured.reach in short: still arriving, chosen by the person, confirmed, mobile first.
  SELECT DISTINCT ON (person_id) person_id, normalised
    FROM insured_contact
   WHERE kind = 'phone' AND state IN ('unconfirmed', 'confirmed') AND normalised <> ''
     AND (NOT %(only_mobile)s OR phone_kind IN ('mobile', ''))
   ORDER BY person_id, failures >= 3, NOT is_preferred, state <> 'confirmed', phone_kind <> 'mobile', id
), lives AS (
  SELECT DISTINCT ON (person_id) person_id, value ~* %(rural)s AND NOT value ~* %(urban)s AS in_village
    FROM insured_contact WHERE kind = 'address'
   ORDER BY person_id, NOT is_preferred, id DESC
), refused AS (
  SELECT person_id, bool_or(NOT is_granted) AS no
    FROM (SELECT DISTINCT ON (person_id, purpose) person_id, is_granted
            FROM insured_consent
           WHERE channel = %(consent)s AND purpose IN ('survey', 'informing') AND (until IS NULL OR until >= %(today)s)
           ORDER BY person_id, purpose, decided_on DESC, id DESC) said
   GROUP BY person_id
), asked AS (
  SELECT DISTINCT i.person_id
    FROM surveys_invitee i JOIN surveys_round r ON r.id = i.round_id
   WHERE r.id <> %(round)s AND r.source <> 'talks' AND (r.closed_at IS NULL OR r.closed_at > %(rested_since)s)
     AND (r.state = 'running' OR i.state NOT IN ('waiting', 'unsent'))
)
SELECT p.id AS person_id,
       coalesce(lives.in_village, false)::int * 10 + (p.sex = 2)::int * 5
         + width_bucket(aged.years, ARRAY[18, 25, 35, 45, 65]) AS cell,
       coalesce(nullif(p.time_zone, ''), %(zone)s) AS zone, coalesce(reached.normalised, '') AS phone,
       lives.person_id IS NULL AS no_address,
       (reached.person_id IS NOT NULL OR NOT %(needs_phone)s) AND NOT coalesce(refused.no, false)
         AND asked.person_id IS NULL AS may_ask
  FROM insured_person p
 CROSS JOIN LATERAL (SELECT extract(year FROM age(%(on)s::date, p.birth_on))::int AS years) aged
  LEFT JOIN lives ON lives.person_id = p.id
  LEFT JOIN reached ON reached.person_id = p.id
  LEFT JOIN refused ON refused.person_id = p.id
  LEFT JOIN asked ON asked.person_id = p.id
  LEFT JOIN listed ON listed.person_id = p.id
 WHERE p.died_on IS NULL AND p.territory_id = %(territory)s AND aged.years >= 18
   AND p.insurer_id IS NOT NULL AND (%(insurer)s::bigint IS NULL OR p.insurer_id = %(insurer)s)
   AND (%(provider)s::bigint IS NULL OR p.provider_id = %(provider)s)
   AND (%(source)s NOT IN ('came', 'missed') OR listed.came = (%(source)s = 'came'))
