-- People told in some days, each once: a row for the stream «prevention» and one for «observation». Read by
-- reports.measures.informing.
--   informed  whom at least one contact reached
--   repeated  those of them whom one reached that was not the first of the year for its measure
--   contacts  all such contacts
-- insurers NULL — everybody's. Source: handbook 04 §1 no. 3. Wanted: 5.4 million contacts of a year, one scan, under
-- 2 s; a million took 3 s on a busy machine.
SELECT CASE WHEN observed THEN 'observation' ELSE 'prevention' END AS stream, count(*) AS informed,
       count(*) FILTER (WHERE again) AS repeated, sum(contacts)::bigint AS contacts
  FROM (SELECT measure = ANY(%(observation)s::varchar[]) AS observed, person_id, bool_or(NOT is_first) AS again,
               count(*) AS contacts
          FROM informing_informed
         WHERE territory = %(territory)s AND (%(insurers)s::bigint[] IS NULL OR insurer_id = ANY(%(insurers)s::bigint[]))
           AND "on" BETWEEN %(since)s AND %(until)s AND measure = ANY(%(measures)s::varchar[])
           AND is_informing AND way <> 'survey'
         GROUP BY 1, 2) told
 GROUP BY observed
