-- Gaps whose reason is gone. Read by observing.nightly. Budget: 500 000 open under 5 s.
UPDATE informing_gap g SET closed_at = %(now)s
 WHERE g.territory = %(territory)s AND g.closed_at IS NULL
   AND NOT EXISTS (SELECT FROM gaps_now n
                    WHERE n.kind = g.kind AND n.source = g.source AND n.source_id = g.source_id)
