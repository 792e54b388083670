-- People told in some days through one of the channels of one of the measures, each once; NULL — of any.
-- insurers NULL — everybody's. Read by reports.measures.informing.
SELECT count(DISTINCT person_id) AS people
  FROM informing_informed
 WHERE territory = %(territory)s AND (%(insurers)s::bigint[] IS NULL OR insurer_id = ANY(%(insurers)s::bigint[]))
   AND "on" BETWEEN %(since)s AND %(until)s AND is_informing AND way <> 'survey'
   AND (%(channels)s::varchar[] IS NULL OR channel = ANY(%(channels)s::varchar[]))
   AND (%(measures)s::varchar[] IS NULL OR measure = ANY(%(measures)s::varchar[]))
