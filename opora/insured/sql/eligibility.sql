-- opora/insured/sql/eligibility.sql
-- One row per person and measure: how it stands in the year of ``on`` and why. The twin of insured.eligibility.deciding;
-- the order of the CASE is its order. Read by insured.eligibility.sets, which puts in the rest.
-- Rules are judged once per sort of people (age, sex, categories): a few thousand sorts stand for millions of people.
-- Budget: 3 times the INSERT … SELECT of as many rows (bench informing.eligibility); a list of 30 000 in 3 s.
WITH rules AS MATERIALIZED (
       SELECT r.no, r.measure, r.first, r.last, r.every, r.sex, string_to_array(nullif(r.categories, ''), ',') AS categories,
              r.by_list, r.wait_days, r.since, r.until
         FROM unnest(%(no)s::int[], %(measure)s::text[], %(first_age)s::int[], %(last_age)s::int[], %(every)s::int[],
                     %(sex)s::int[], %(categories)s::text[], %(by_list)s::boolean[], %(wait_days)s::int[],
                     %(since)s::date[], %(until)s::date[])
              AS r(no, measure, first, last, every, sex, categories, by_list, wait_days, since, until)),
     measures AS MATERIALIZED (
       SELECT m.no::int, m.measure, string_to_array(m.within, ',') AS within, nullif(m.follows, '') AS follows
         FROM unnest(%(measures)s::text[], %(within)s::text[], %(follows)s::text[])
              WITH ORDINALITY AS m(measure, within, follows, no)),
     facts AS NOT MATERIALIZED (/* facts */),
     known AS (
       SELECT f.person_id, m.measure,
              max(f.day) FILTER (WHERE f.kind = 'visit' AND f.measure = m.measure) AS visited_on,
              max(f.day) FILTER (WHERE f.kind = 'visit' AND f.measure = ANY (m.within)) AS within_on,
              max(f.day) FILTER (WHERE f.kind = 'visit' AND f.measure = m.follows) AS followed_on,
              max(f.day) FILTER (WHERE f.kind = 'listed' AND f.measure = m.measure) AS listed_on,
              max(f.day) FILTER (WHERE f.kind = 'refused' AND f.measure IN ('', m.measure)) AS refused_on,
              bool_or(f.kind = 'hospital') AS is_in_hospital
         FROM facts f
         JOIN measures m ON f.kind = 'hospital' OR f.measure IN ('', m.measure, m.follows) OR f.measure = ANY (m.within)
        GROUP BY 1, 2),
     marked AS MATERIALIZED (
       SELECT c.person_id, array_agg(c.code::text ORDER BY c.code) AS codes
         FROM insured_personcategory c
        WHERE c.code = ANY (%(asked_categories)s) AND (c.since IS NULL OR c.since <= %(on)s)
          AND (c.until IS NULL OR c.until >= %(on)s) AND (/* whose */)
        GROUP BY 1),
     -- A sort and a measure are one number, told to be distinct: so the planner hashes verdicts, not people.
     kinds AS MATERIALIZED (SELECT row_number() OVER () AS kind, codes FROM (SELECT codes FROM marked GROUP BY codes) m),
     sorts AS MATERIALIZED (
       SELECT ((c.kind * 152 + a.age + 1) * 2 + s.sex) * 10 + m.no AS key, a.age, s.sex, m.measure, m.follows, c.codes
         FROM generate_series(-1, 150) a(age), unnest(ARRAY[1, 2]) s(sex), measures m,
              (SELECT 0 AS kind, '{}'::text[] AS codes UNION ALL SELECT kind, codes FROM kinds) c),
     verdicts AS MATERIALIZED (
       SELECT DISTINCT ON (s.key) s.*, hit.no, hit.by_list, hit.wait_days, seen.youngest, seen.concerns,
              s.follows IS NULL OR EXISTS (
                SELECT FROM rules r
                 WHERE r.measure = s.follows AND %(on)s BETWEEN r.since AND r.until AND s.age BETWEEN r.first AND r.last
                   AND mod(s.age, r.every) = 0 AND coalesce(r.sex, s.sex) = s.sex
                   AND (r.categories IS NULL OR r.categories && s.codes)) AS is_followed,
              (SELECT min(y.year)
                 FROM generate_series(%(year)s + 1, %(year)s + %(ahead)s) y(year)
                 JOIN rules r ON make_date(y.year, 1, 1) BETWEEN r.since AND r.until
                  AND s.age + y.year - %(year)s BETWEEN r.first AND r.last AND mod(s.age + y.year - %(year)s, r.every) = 0
                WHERE r.measure = s.measure AND coalesce(r.sex, s.sex) = s.sex
                  AND (r.categories IS NULL OR r.categories && s.codes)) AS next_year
         FROM sorts s
         CROSS JOIN LATERAL (
                SELECT min(r.first) AS youngest,
                       coalesce(bool_or(s.age BETWEEN r.first AND r.last AND coalesce(r.sex, s.sex) = s.sex
                                        AND (r.categories IS NULL OR r.categories && s.codes)), false) AS concerns
                  FROM rules r WHERE r.measure = s.measure AND %(on)s BETWEEN r.since AND r.until) seen
         LEFT JOIN LATERAL (
                SELECT r.no, r.by_list, r.wait_days FROM rules r
                 WHERE r.measure = s.measure AND %(on)s BETWEEN r.since AND r.until AND s.age BETWEEN r.first AND r.last
                   AND mod(s.age, r.every) = 0 AND coalesce(r.sex, s.sex) = s.sex
                   AND (r.categories IS NULL OR r.categories && s.codes)
                 ORDER BY r.no LIMIT 1) hit ON true),
     people AS (
       SELECT p.id, p.provider_id, m.measure,
              ((coalesce(c.kind, 0) * 152 + least(greatest(%(year)s - date_part('year', p.birth_on)::int, -1), 150) + 1) * 2
               + p.sex) * 10 + m.no AS key,
              CASE WHEN p.died_on IS NOT NULL AND 'dead' = ANY (%(exclusions)s) THEN 'dead'
                   WHEN p.insurer_id IS NULL AND 'no_policy' = ANY (%(exclusions)s) THEN 'no_policy'
                   WHEN p.territory_id <> coalesce(nullif(%(asked_by)s, ''), p.territory_id)
                        AND 'insured_elsewhere' = ANY (%(exclusions)s) THEN 'insured_elsewhere'
                   WHEN o.territory_id <> p.territory_id AND 'attached_elsewhere' = ANY (%(exclusions)s)
                        THEN 'attached_elsewhere' END AS excluded
         FROM insured_person p CROSS JOIN measures m
         LEFT JOIN (SELECT d.person_id, k.kind FROM marked d JOIN kinds k USING (codes)) c ON c.person_id = p.id
         LEFT JOIN organisations_organisation o ON o.id = p.provider_id
        WHERE (/* whom */)),
     judged AS (
       SELECT p.id AS person_id, p.provider_id, v.age, v.measure, v.no, v.by_list, v.wait_days, v.next_year,
              k.visited_on, k.within_on, k.listed_on, k.refused_on,
              CASE WHEN p.excluded IS NOT NULL THEN p.excluded
                   WHEN k.visited_on IS NOT NULL THEN 'passed'
                   WHEN k.within_on IS NOT NULL THEN 'passed_within'
                   WHEN v.no IS NULL AND v.youngest IS NULL THEN 'no_rules'
                   WHEN v.no IS NULL AND v.age < v.youngest THEN 'too_young'
                   WHEN v.no IS NULL AND v.concerns THEN 'other_year'
                   WHEN v.no IS NULL THEN 'not_concerned'
                   WHEN NOT v.is_followed AND k.followed_on IS NULL THEN 'not_followed'
                   WHEN k.refused_on IS NOT NULL AND 'refused' = ANY (%(exclusions)s) THEN 'refused'
                   WHEN k.is_in_hospital AND 'in_hospital' = ANY (%(exclusions)s) THEN 'in_hospital'
                   WHEN NOT v.by_list THEN 'due'
                   WHEN k.listed_on IS NULL THEN 'by_list'
                   ELSE 'listed' END AS reason
         FROM people p
         JOIN verdicts v ON v.key = p.key
         LEFT JOIN known k ON k.person_id = p.id AND k.measure = p.measure
       OFFSET 0)  -- so that the reason is worked out once, not wherever it is named
SELECT j.person_id, j.provider_id, j.measure, j.age, j.no AS rule_no, j.reason,
       CASE WHEN j.reason IN ('due', 'listed') THEN 'due' WHEN j.reason IN ('passed', 'passed_within') THEN 'passed'
            WHEN j.reason = 'by_list' THEN 'by_list'
            WHEN j.reason IN ('no_rules', 'too_young', 'other_year', 'not_concerned', 'not_followed') THEN 'not_due'
            ELSE 'excluded' END AS status,
       CASE WHEN j.reason IN ('due', 'listed', 'by_list') THEN %(year)s
            WHEN j.reason IN ('passed', 'passed_within', 'no_rules', 'too_young', 'other_year', 'not_concerned')
            THEN j.next_year END AS due_year,
       CASE WHEN j.reason = 'due' THEN %(on)s::date
            WHEN j.reason = 'listed' THEN greatest(%(on)s::date, j.listed_on + j.wait_days)
            WHEN j.reason IN ('passed', 'passed_within', 'no_rules', 'too_young', 'other_year', 'not_concerned')
            THEN make_date(j.next_year, 1, 1) END AS earliest_on,
       CASE j.reason WHEN 'passed' THEN j.visited_on WHEN 'passed_within' THEN j.within_on
                     WHEN 'listed' THEN j.listed_on WHEN 'refused' THEN j.refused_on END AS known_on
  FROM judged j
