-- How far people came along the way from a sending to a visit; each once in a step. Read by reports.measures.informing.
--   sent       something went out to them
--   delivered  a receipt or a talk says that it arrived
--   informed   it is not known that it failed: what waits for a receipt counts too
--   came       came to the clinic after a contact that informed them
SELECT count(*) AS sent, count(*) FILTER (WHERE delivered) AS delivered, count(*) FILTER (WHERE informed) AS informed,
       count(*) FILTER (WHERE came) AS came
  FROM (SELECT i.person_id, bool_or(t.state IN ('delivered', 'done')) AS delivered, bool_or(i.is_informing) AS informed,
               bool_or(i.came AND i.is_informing) AS came
          FROM informing_informed i
          JOIN informing_touch t ON t.year = i.year AND t.id = i.touch_id
         WHERE i.territory = %(territory)s
           AND (%(insurers)s::bigint[] IS NULL OR i.insurer_id = ANY(%(insurers)s::bigint[]))
           AND i."on" BETWEEN %(since)s AND %(until)s AND i.way <> 'survey'
           AND (%(measures)s::varchar[] IS NULL OR i.measure = ANY(%(measures)s::varchar[]))
         GROUP BY i.person_id) people
