-- Touches of a run's letters move one step: those named by state and marker only, so that what has ended meanwhile stays
-- ended. Read by letters.services. Budget: 50 000 under 3 s.
UPDATE informing_touch t
   SET state = %(then)s,
       sent_at = CASE WHEN %(then)s = 'sent' THEN %(now)s ELSE t.sent_at END,
       cost = CASE WHEN %(then)s = 'sent' THEN %(price)s ELSE t.cost END,
       claimed_by = CASE WHEN %(then)s = 'sending' THEN t.claimed_by ELSE '' END,
       outcome = CASE WHEN %(then)s = 'cancelled' THEN 'impossible' ELSE t.outcome END,
       final_at = CASE WHEN %(then)s = 'cancelled' THEN %(now)s END
  FROM informing_letteritem item
 WHERE item.run_id = %(run)s AND item.state = %(letters)s AND t.year = item.year AND t.id = item.touch_id
   AND t.state = %(now_in)s AND t.claimed_by = %(marker)s
