-- A thousand appeals with all that their events told, in order, and what the first of them bound: text and people.
-- Read by appeals.chain.invariants. Budget: 60 µs an appeal.
SELECT a.id, a.organisation_id, a.number, a.kind, a.topic_code, a.channel, a.flags, a.received_at, a.registered_at,
       a.stage, a.handler_id, a.responsible, a.line, a.owner_id, a.due_on, a.due_at, a.needs_answer, a.interim_answered_at,
       a.answered_at, a.outcome, a.verdict, a.outside, a.outside_at, a.outgoing_number, a.outgoing_on, a.closed_at,
       t.text, told.events, people.parties
  FROM (SELECT * FROM appeals_appeal
         WHERE id > %(after)s
           AND (%(organisations)s::bigint[] IS NULL OR organisation_id = ANY(%(organisations)s))
         ORDER BY id LIMIT %(most)s) a
  LEFT JOIN appeals_appealtext t ON t.appeal_id = a.id
  LEFT JOIN LATERAL (SELECT jsonb_agg(jsonb_build_array(e.kind, e.details) ORDER BY e.at, e.id) AS events
                       FROM appeals_event e WHERE e.appeal_id = a.id) told ON true
  LEFT JOIN LATERAL (SELECT jsonb_agg(to_jsonb(p.*) - 'id' - 'appeal_id') AS parties
                       FROM appeals_party p WHERE p.appeal_id = a.id) people ON true
 ORDER BY a.id
