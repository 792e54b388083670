-- opora/insured/sql/fold.sql
-- Bring insurer and provider of the cards whose policy or attachment begins or ends near ``at`` up to the local day of
-- their territory; returns one row per card that has changed. Read by insured.fold.refresh.
-- Budget: two scans of 3.2 million rows for the candidates, under 3 s; the cards themselves by index.
WITH days AS (
    SELECT code, (%(at)s::timestamptz AT TIME ZONE time_zone)::date AS today FROM organisations_territory
), due AS (
    SELECT person_id FROM insured_policy
     WHERE since BETWEEN %(first)s AND %(last)s OR until BETWEEN %(first)s AND %(last)s
    UNION
    SELECT person_id FROM insured_attachment
     WHERE profile = 'therapy' AND (since BETWEEN %(first)s AND %(last)s OR until BETWEEN %(first)s AND %(last)s)
), folded AS (
    SELECT p.id,
           (SELECT r.insurer_id FROM insured_policy r
             WHERE r.person_id = p.id AND r.since <= d.today AND (r.until IS NULL OR r.until >= d.today)
             ORDER BY r.since DESC, r.id DESC LIMIT 1) AS insurer_id,
           (SELECT r.provider_id FROM insured_attachment r
             WHERE r.person_id = p.id AND r.profile = 'therapy'
               AND r.since <= d.today AND (r.until IS NULL OR r.until >= d.today)
             ORDER BY r.since DESC, r.id DESC LIMIT 1) AS provider_id
      FROM due
      JOIN insured_person p ON p.id = due.person_id
      JOIN days d ON d.code = p.territory_id
)
UPDATE insured_person p
   SET insurer_id = f.insurer_id, provider_id = f.provider_id
  FROM folded f
 WHERE p.id = f.id AND (p.insurer_id, p.provider_id) IS DISTINCT FROM (f.insurer_id, f.provider_id)
RETURNING p.id AS person
