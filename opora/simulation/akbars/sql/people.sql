-- The grown-ups of the year: since when insured, when lost, what they are invited to, in which month a clinic lists them
-- and for which month it plans them. «Grown-up» is who is 18 in the calendar year. A table of the session.
-- Read by people.gather. Budget: 3.5 million people, 90 s.
CREATE TEMPORARY TABLE year_people AS
WITH grown AS (
  SELECT p.id AS person_id, p.enp, p.provider_id, o.since, %(year)s - extract(year FROM p.birth_on)::int AS age
    FROM insured_policy o
    JOIN insured_person p ON p.id = o.person_id
   WHERE o.insurer_id = %(insurer)s AND (o.until IS NULL OR o.until >= %(eve)s + 1) AND p.enp IS NOT NULL
     AND p.provider_id = ANY(%(clinics)s::bigint[]) AND extract(year FROM p.birth_on) <= %(year)s - 18
), fated AS (
  SELECT grown.*, since > %(eve)s AS is_new, greatest(since, %(eve)s + 1) AS first_on,
         pg_temp.chance(enp, %(seed)s + 1) < CASE WHEN age < 40 THEN 0.002 WHEN age < 60 THEN 0.006
                                                  WHEN age < 70 THEN 0.018 WHEN age < 80 THEN 0.04 ELSE 0.1 END AS dies,
         pg_temp.chance(enp, %(seed)s + 2) < 0.015 AS leaves,
         pg_temp.chance(enp, %(seed)s + 4) / CASE WHEN age < 40 THEN 0.7 WHEN age < 60 THEN 2 ELSE 4 END AS health
    FROM grown
), dated AS (
  SELECT fated.*,
         CASE WHEN dies THEN first_on + floor(pg_temp.chance(enp, %(seed)s + 5) * (%(last)s - first_on))::int
              END AS died_on,
         CASE WHEN leaves AND NOT dies
              THEN first_on + floor(pg_temp.chance(enp, %(seed)s + 5) * (%(last)s - first_on))::int END AS left_on,
         row_number() OVER (PARTITION BY is_new ORDER BY pg_temp.chance(enp, %(seed)s + 3)) AS turn,
         row_number() OVER (PARTITION BY is_new ORDER BY health, person_id) AS ill_turn
    FROM fated
), ranked AS (
  SELECT dated.*, row_number() OVER (PARTITION BY NOT is_new AND turn <= %(planned)s ORDER BY turn, person_id) AS late,
         row_number() OVER (PARTITION BY NOT is_new AND ill_turn <= %(ill_planned)s ORDER BY ill_turn, person_id)
           AS ill_late,
         greatest(2, CASE WHEN is_new THEN extract(month FROM since)::int + 1 ELSE 0 END,
                  2 + floor(pg_temp.chance(enp, %(seed)s + 6) * 8)::int) AS late_month,
         pg_temp.chance(enp, %(seed)s + 7) AS month, pg_temp.chance(enp, %(seed)s + 8) AS ill_month
    FROM dated
), listed AS (
  SELECT ranked.*,
         CASE WHEN NOT is_new AND turn <= %(planned)s THEN 1 WHEN late <= %(late)s THEN late_month END AS list_month,
         CASE WHEN NOT is_new AND ill_turn <= %(ill_planned)s THEN 1
              WHEN ill_late <= %(ill_late)s THEN late_month END AS ill_list_month
    FROM ranked
)
-- A list of January plans the whole year; a later one is for the quarter after it.
SELECT person_id, enp, provider_id, age, died_on, left_on, list_month, ill_list_month,
       CASE WHEN age >= 40 OR age %% 3 = 0 THEN 'screening' ELSE 'checkup' END AS measure,
       CASE WHEN list_month = 1 THEN 1 + floor(month * 12)::int
            ELSE (list_month - 1) / 3 * 3 + 4 + floor(month * 3)::int END AS month,
       CASE WHEN ill_list_month = 1 THEN 1 + floor(ill_month * 12)::int
            ELSE (ill_list_month - 1) / 3 * 3 + 4 + floor(ill_month * 3)::int END AS ill_month
  FROM listed
 WHERE list_month IS NOT NULL OR ill_list_month IS NOT NULL;
CREATE UNIQUE INDEX ON year_people (person_id);
ANALYZE year_people
