-- Counters of one desk from the maintained sums and the open promises: one row. Read by appeals.desk.
-- Budget: 2 ms: rows of one owner and one queue by the index tally_by_owner, promises by callback_of_owner,
-- those that are nobody's by callback_of_organisation.
SELECT coalesce(sum(t.change) FILTER (WHERE t.owner_id = %(employee)s AND t.due_on < %(today)s), 0)::int AS overdue,
       coalesce(sum(t.change) FILTER (WHERE t.owner_id = %(employee)s AND t.due_on = %(today)s), 0)::int AS today,
       coalesce(sum(t.change) FILTER (WHERE t.owner_id = %(employee)s AND t.due_on > %(today)s
                                        AND t.due_on <= %(week)s), 0)::int AS week,
       coalesce(sum(t.change) FILTER (WHERE t.owner_id = %(employee)s), 0)::int AS mine,
       coalesce(sum(t.change) FILTER (WHERE t.owner_id = 0 AND t.line = %(line)s), 0)::int AS queue,
       (SELECT count(*)::int FROM appeals_callback c
         WHERE c.owner_id = %(employee)s AND c.state = 'open' AND c.due_at < %(tomorrow)s)
       + (SELECT count(*)::int FROM appeals_callback c JOIN appeals_appeal a ON a.id = c.appeal_id
           WHERE c.owner_id IS NULL AND c.state = 'open' AND c.due_at < %(tomorrow)s
             AND c.organisation_id IN (SELECT id FROM organisations_organisation
                                        WHERE id = %(holder)s OR parent_id = %(holder)s)
             AND a.handler_id = %(holder)s AND a.line = %(line)s) AS promises
  FROM appeals_tally t
 WHERE t.handler_id = %(holder)s AND t.owner_id = ANY (ARRAY[0, %(employee)s]::bigint[])
