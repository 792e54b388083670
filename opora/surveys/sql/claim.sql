-- The next person to phone, from a cell with a free place; a colleague's row is stepped over. Read by calls.next_call.
-- Promised calls first, then fresh ones in their turn. Budget: one of 20 000 waiting under 20 ms.
WITH room AS (
  SELECT c.number
    FROM surveys_cell c
   WHERE c.round_id = %(round)s
     AND (c.planned IS NULL OR c.done + (SELECT count(*) FROM surveys_invitee h
                                          WHERE h.round_id = c.round_id AND h.cell = c.number AND h.state = 'held')
                               < c.planned)
), next AS MATERIALIZED (
  SELECT i.id
    FROM surveys_invitee i
   WHERE i.round_id = %(round)s AND i.state = 'waiting' AND i.zone = ANY(%(zones)s) AND i.not_before <= %(now)s
     AND i.cell IN (SELECT number FROM room)
   ORDER BY i.is_promised DESC, i.attempts, i.rank, i.id
   LIMIT 1
   FOR UPDATE SKIP LOCKED
)
UPDATE surveys_invitee i SET state = 'held', employee_id = %(employee)s, claimed_at = %(now)s
  FROM next WHERE i.id = next.id
RETURNING i.id
