-- How each living insured person can be reached today: a channel counts when it has a contact that works and the person
-- has not refused it. Read by quality.nightly.count. Budget: 3 246 424 people, 5 million contacts under 60 s, each night.
CREATE TEMPORARY TABLE reach_now ON COMMIT DROP AS
WITH has AS (
  SELECT person_id,
         bool_or(kind = 'phone') AS phone,
         bool_or(kind = 'phone' AND phone_kind IN ('mobile', '')) AS mobile,
         bool_or(kind = 'email') AS email,
         bool_or(kind = 'address') AS address,
         bool_or(kind = 'phone' AND state = 'confirmed') AS sure
    FROM insured_contact
   WHERE state IN ('unconfirmed', 'confirmed') AND failures < %(tired)s AND (normalised <> '' OR kind = 'address')
   GROUP BY person_id
), latest AS (
  SELECT DISTINCT ON (person_id, channel) person_id, channel, is_granted
    FROM insured_consent
   WHERE purpose = 'informing' AND (until IS NULL OR until >= %(today)s)
   ORDER BY person_id, channel, decided_on DESC, id DESC
), refused AS (
  SELECT person_id, bool_or(channel = 'call') AS call, bool_or(channel = 'sms') AS sms,
         bool_or(channel = 'messenger') AS messenger, bool_or(channel = 'email') AS email,
         bool_or(channel = 'letter') AS letter
    FROM latest WHERE NOT is_granted GROUP BY person_id
)
SELECT p.id AS person_id, p.territory_id AS territory, p.insurer_id, p.provider_id,
       CASE WHEN p.birth_on > %(today)s::date - interval '18 years' THEN '0-17'
            WHEN p.birth_on > %(today)s::date - interval '40 years' THEN '18-39'
            WHEN p.birth_on > %(today)s::date - interval '65 years' THEN '40-64' ELSE '65' END AS age_group,
       coalesce(has.phone AND NOT coalesce(refused.call, false), false) AS phone,
       coalesce(has.mobile AND NOT coalesce(refused.sms, false), false) AS mobile,
       coalesce(has.mobile AND NOT coalesce(refused.messenger, false), false) AS messenger,
       coalesce(has.email AND NOT coalesce(refused.email, false), false) AS email,
       coalesce(has.address AND NOT coalesce(refused.letter, false), false) AS address,
       coalesce(has.sure, false) AS sure
  FROM insured_person p
  LEFT JOIN has ON has.person_id = p.id
  LEFT JOIN refused ON refused.person_id = p.id
 WHERE p.died_on IS NULL AND p.insurer_id IS NOT NULL
