-- How every call ended: a talk is done, the fifth silence is the end. Read by calls.carry.
UPDATE informing_touch t
   SET state = CASE WHEN c.outcome IN ('no_answer', 'busy') THEN 'failed' ELSE 'done' END,
       outcome = c.outcome, reason = c.reason, final_at = c.at,
       sent_at = CASE WHEN c.outcome NOT IN ('no_answer', 'busy') THEN c.at END
  FROM phoned c
 WHERE c.number = c.tries AND c.takes_place AND t.year = %(year)s AND t.id = c.id AND t.state = 'claimed'
