-- The answer of the provider and his receipt, as answered.sql and receipts.sql leave them; silence as sweep.sql does.
-- A letter has no provider: it is posted, and comes back or does not. Read by carry.carry. Budget: 700 000 under 60 s.
UPDATE informing_touch t
   SET state = CASE c.fate WHEN 'delivered' THEN 'delivered' WHEN 'silent' THEN 'silent' ELSE 'failed' END,
       outcome = CASE c.fate WHEN 'delivered' THEN 'delivered' WHEN 'silent' THEN ''
                             WHEN 'undelivered' THEN %(returned)s ELSE 'undelivered' END,
       message_id = CASE WHEN %(gateway)s::bigint IS NOT NULL AND c.fate <> 'refused' THEN '24' || lpad(t.id::text, 12, '0')
                         ELSE '' END,
       sent_at = CASE WHEN c.fate <> 'refused' THEN c.at + interval '0.4 seconds' END,
       final_at = c.final_at,
       cost = CASE WHEN c.fate <> 'refused' THEN t.segments * %(price)s ELSE 0 END
  FROM carried c
 WHERE t.year = %(year)s AND t.id = c.id AND t.state = 'sending' AND c.goes AND c.fate NOT IN ('gone', 'came')
