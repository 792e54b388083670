-- The sample: from each cell so many times its quota as the reserve says, in a random turn. Read by drawing.
-- Budget: 3 246 424 people of the table «surveyed» under 20 s.
INSERT INTO surveys_invitee (round_id, person_id, cell, rank, zone, phone, state, attempts, not_before, is_promised)
SELECT %(round)s, person_id, number, turn, zone, phone, 'waiting', 0, %(now)s, false
  FROM (SELECT surveyed.*, c.number, c.planned,
               row_number() OVER (PARTITION BY surveyed.cell ORDER BY md5(%(seed)s || surveyed.person_id)) AS turn
          FROM surveyed
          JOIN surveys_cell c ON c.round_id = %(round)s AND c.number = surveyed.cell
         WHERE surveyed.may_ask) turned
 WHERE turn <= planned::bigint * %(reserve)s
