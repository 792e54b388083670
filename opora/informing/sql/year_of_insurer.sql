-- What an insurer did in a year, one row for each stream: «prevention» (check-ups and all stages of screening) and
-- «observation» (dispensary observation). Read by yearly.year_of_insurer.
--   planned   people under the seals of the year: the denominator, frozen; rows added later are not in it
--   informed  people whom at least one invitation or reminder reached: it went out and was not returned, refused by the
--             provider or vain, or was a talk. Surveys do not inform. One person counts once in a stream
--   repeated  those of them whom a second one reached because they had not come
--   contacts  all such touches, whoever they went to
-- Source: handbook 04 §1 no. 3 (published indicator), 03 §7; states and outcomes: facts.py and rules.INFORMED.
-- Budget: 6 million touches of a year under 20 s; not for a page.
WITH touched AS (
  SELECT CASE WHEN measure = 'observation' THEN 'observation' ELSE 'prevention' END AS stream, person_id,
         count(*) AS contacts
    FROM informing_touch
   WHERE year = %(year)s AND insurer_id = %(insurer)s AND measure = ANY(%(measures)s::varchar[])
     AND state = ANY(%(states)s::varchar[]) AND purpose = ANY(%(purposes)s::varchar[])
     AND NOT outcome = ANY(%(vain)s::varchar[]) AND coalesce(sent_at, final_at) IS NOT NULL
   GROUP BY 1, 2
), sealed AS (
  SELECT CASE WHEN measure = 'observation' THEN 'observation' ELSE 'prevention' END AS stream, sum(count) AS people
    FROM informing_seal
   WHERE year = %(year)s AND insurer_id = %(insurer)s AND measure = ANY(%(measures)s::varchar[])
   GROUP BY 1
)
SELECT stream, coalesce(max(sealed.people), 0)::bigint AS planned, count(touched.person_id) AS informed,
       count(*) FILTER (WHERE touched.contacts > 1) AS repeated, coalesce(sum(touched.contacts), 0)::bigint AS contacts
  FROM touched FULL JOIN sealed USING (stream)
 GROUP BY stream ORDER BY stream DESC
