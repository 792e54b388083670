-- What the appeals of a file are now, to compare with: one row each. Read by appeals.importing.
-- Budget: 20 000 appeals by primary key in 0.5 s. FOR UPDATE keeps desks from changing them meanwhile.
SELECT a.id, a.version, a.kind, a.form, a.channel, a.origin, a.origin_name, a.topic_code, a.topic_note,
       a.received_at, a.line_received, a.line, a.handler_id, a.responsible, a.owner_id, a.due_on, a.needs_answer,
       a.closed_at, a.outcome, a.verdict, a.outside, a.outside_at, a.number, a.registered_at, a.registered_by_id, a.stage, t.text,
       coalesce((SELECT jsonb_agg(to_jsonb(p) - 'id' - 'appeal_id')
                   FROM appeals_party p WHERE p.appeal_id = a.id), '[]') AS parties
  FROM appeals_appeal a
  JOIN appeals_appealtext t ON t.appeal_id = a.id
 WHERE a.id = ANY (%(ids)s)
   FOR UPDATE OF a
