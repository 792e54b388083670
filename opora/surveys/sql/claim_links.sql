-- People of a round to whom a link goes next, from cells with a free place. Read by links.send.
-- Who is taken is marked at once; what a crash leaves in between is not sent again. Budget: 500 of 20 000 under 50 ms.
WITH room AS (
  SELECT c.number FROM surveys_cell c
   WHERE c.round_id = %(round)s AND (c.planned IS NULL OR c.done < c.planned)
), next AS MATERIALIZED (
  SELECT i.id
    FROM surveys_invitee i JOIN room ON room.number = i.cell
   WHERE i.round_id = %(round)s AND i.state = 'waiting' AND i.phone <> '' AND i.zone = ANY(%(zones)s)
   ORDER BY i.rank, i.id
   LIMIT %(most)s
   FOR UPDATE OF i SKIP LOCKED
)
UPDATE surveys_invitee i SET state = 'sending', claimed_at = %(now)s
  FROM next WHERE i.id = next.id
RETURNING i.id, i.phone
