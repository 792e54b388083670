-- How a text fits people of a plan who are still waited for: runs of neighbours from given places of the plan. With one
-- place and a large run that is the whole plan. Read by texts.figures. Budget: 20 000 people under 0.3 s.
WITH picked AS (
  SELECT DISTINCT entry.person_id, entry.provider_id
    FROM unnest(%(starts)s::bigint[]) AS start
   CROSS JOIN LATERAL (
     SELECT pe.person_id, pe.provider_id
       FROM informing_planentry pe
      WHERE pe.year = %(year)s AND pe.measure = %(measure)s AND pe.person_id >= start
        AND pe.insurer_id = %(insurer)s AND pe.state = 'open'
      ORDER BY pe.person_id
      LIMIT %(each)s) entry
), clinic AS (
  SELECT * FROM unnest(%(clinics)s::bigint[], %(fixed)s::int[], %(lacks)s::bool[]) AS c(id, fixed, lacks)
), measured AS (
  SELECT coalesce(clinic.fixed, %(fixed_here)s)
           + %(names)s * coalesce(nullif(length(p.given_name), 0), length(p.surname))
           + %(full_names)s
             * CASE WHEN p.given_name <> ''
                    THEN length(p.given_name) + coalesce(nullif(length(p.patronymic), 0) + 1, 0)
                    ELSE coalesce(nullif(length(p.patronymic), 0), length(p.surname)) END AS length,
         coalesce(clinic.lacks, %(lacks_here)s) AS lacks
    FROM picked
    JOIN insured_person p ON p.id = picked.person_id
    LEFT JOIN clinic ON clinic.id = picked.provider_id
)
SELECT count(*) AS people, count(*) FILTER (WHERE lacks) AS lacking, coalesce(max(length), 0) AS longest,
       count(*) FILTER (WHERE %(most)s > 0 AND length > %(most)s) AS too_long,
       coalesce(avg(CASE WHEN length <= %(one)s THEN 1 ELSE (length + %(of_many)s - 1) / %(of_many)s END), 0)::float AS segments
  FROM measured
