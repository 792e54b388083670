-- What the provider answered to a batch of messages. A receipt may have come sooner: what is final already stays.
-- Read by dispatch.note_answers. Budget: 500 answers under 30 ms, by the key whatever the size of the year.
WITH answered AS MATERIALIZED (
  SELECT * FROM jsonb_to_recordset(%(answers)s::jsonb) AS a(id bigint, state text, message_id text)
)
UPDATE informing_touch t
   SET state = a.state,
       message_id = CASE WHEN a.state = 'sent' THEN a.message_id ELSE t.message_id END,
       sent_at = CASE WHEN a.state = 'sent' THEN %(now)s ELSE t.sent_at END,
       final_at = CASE WHEN a.state = 'failed' THEN %(now)s END,
       outcome = CASE WHEN a.state = 'failed' THEN 'undelivered' ELSE t.outcome END,
       not_before = CASE WHEN a.state = 'planned' THEN %(again)s ELSE t.not_before END,
       cost = CASE WHEN a.state = 'sent' THEN t.segments * %(price)s ELSE t.cost END
  FROM answered a
 WHERE t.year = %(year)s AND t.id = ANY(ARRAY(SELECT id FROM answered)) AND t.id = a.id AND t.state = 'sending'
