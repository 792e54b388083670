-- People told in some days through one of the channels, each once. Read by reports.measures.informing.
SELECT count(DISTINCT person_id) AS people
  FROM informing_informed
 WHERE territory = %(territory)s AND (%(insurers)s::bigint[] IS NULL OR insurer_id = ANY(%(insurers)s::bigint[]))
   AND "on" BETWEEN %(since)s AND %(until)s AND channel = ANY(%(channels)s::varchar[]) AND is_informing
