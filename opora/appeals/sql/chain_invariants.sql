-- What the data of the journal promises, set against itself: the first hundred rows of each kind that do not hold.
-- Read by appeals.chain.invariants. Arms run one by one. Budget: 3 µs an appeal for each arm.
SELECT 'number_missing' AS what, s.organisation_id, NULL::uuid AS appeal_id, '' AS number,
       format('За %%s год: выдано номеров %%s, обращений %%s, наибольший номер %%s.', s.year, s.last, s.seen, s.highest) AS about
  FROM (SELECT coalesce(n.organisation_id, a.organisation_id) AS organisation_id, coalesce(n.year, a.year) AS year,
               coalesce(n.last, 0) AS last, coalesce(a.seen, 0) AS seen, coalesce(a.highest, 0) AS highest
          FROM appeals_numbering n
          FULL JOIN (SELECT organisation_id, year, count(*) AS seen, max(sequence) AS highest
                       FROM appeals_appeal GROUP BY 1, 2) a
            ON a.organisation_id = n.organisation_id AND a.year = n.year) s
 WHERE (s.last <> s.seen OR s.last <> s.highest)
   AND (%(organisations)s::bigint[] IS NULL OR s.organisation_id = ANY(%(organisations)s))
UNION ALL
SELECT 'closed_without' AS what, a.organisation_id, a.id AS appeal_id, a.number,
       'Обращение закрыто без исхода или без ответа, который нужен.' AS about
  FROM appeals_appeal a
 WHERE (a.closed_at IS NOT NULL AND (a.outcome = '' OR a.stage <> 'closed')
        OR a.closed_at IS NULL AND (a.outcome <> '' OR a.stage = 'closed')
        OR a.closed_at IS NOT NULL AND a.needs_answer AND a.answered_at IS NULL
           AND a.outcome <> ALL(%(no_answer)s::text[]))
   AND (%(organisations)s::bigint[] IS NULL OR a.organisation_id = ANY(%(organisations)s))
UNION ALL
SELECT 'no_clock' AS what, a.organisation_id, a.id AS appeal_id, a.number, 'Обращение открыто, а ни один срок не идёт.' AS about
  FROM appeals_appeal a
 WHERE a.closed_at IS NULL
   AND NOT EXISTS (SELECT 1 FROM appeals_clock c WHERE c.appeal_id = a.id AND c.state = 'running')
   AND (%(organisations)s::bigint[] IS NULL OR a.organisation_id = ANY(%(organisations)s))
UNION ALL
SELECT 'term_differs' AS what, a.organisation_id, a.id AS appeal_id, a.number,
       format('Срок обращения %%s, а его часы идут до %%s.', a.due_on, c.due_on) AS about
  FROM appeals_appeal a
 CROSS JOIN LATERAL (SELECT due_on, due_at FROM appeals_clock
                      WHERE appeal_id = a.id AND state = 'running' AND is_main ORDER BY due_at, id LIMIT 1) c
 WHERE a.closed_at IS NULL AND (a.due_on, a.due_at) IS DISTINCT FROM (c.due_on, c.due_at)
   AND (%(organisations)s::bigint[] IS NULL OR a.organisation_id = ANY(%(organisations)s))
UNION ALL
SELECT 'list_differs' AS what, a.organisation_id, a.id AS appeal_id, a.number, 'Строка списка у организации не совпадает с обращением.' AS about
  FROM appeals_grant g JOIN appeals_appeal a ON a.id = g.appeal_id
 WHERE (g.kind, g.topic_code, g.channel, g.stage, g.line, g.handler_id, g.owner_id, g.due_at, g.closed_at)
       IS DISTINCT FROM (a.kind, a.topic_code, a.channel, a.stage, a.line, a.handler_id, a.owner_id, a.due_at, a.closed_at)
   AND (%(organisations)s::bigint[] IS NULL OR a.organisation_id = ANY(%(organisations)s))
UNION ALL
SELECT 'nobody_sees' AS what, a.organisation_id, a.id AS appeal_id, a.number, 'Обращение не видит ни одна организация.' AS about
  FROM appeals_appeal a
 WHERE NOT EXISTS (SELECT 1 FROM appeals_grant g WHERE g.appeal_id = a.id)
   AND (%(organisations)s::bigint[] IS NULL OR a.organisation_id = ANY(%(organisations)s))
UNION ALL
SELECT 'answer_changed' AS what, a.organisation_id, a.id AS appeal_id, a.number,
       'Слова ответа, который ушёл, изменены без события: они не дают прежнего отпечатка.' AS about
  FROM appeals_event e
 CROSS JOIN LATERAL jsonb_each_text(e.details -> 'said') AS told(answer, digest)
  JOIN appeals_appeal a ON a.id = e.appeal_id
  LEFT JOIN appeals_answer w ON w.id = told.answer::uuid AND w.appeal_id = e.appeal_id
 WHERE (w.id IS NULL OR encode(sha256(convert_to(w.text, 'UTF8')), 'hex') <> told.digest)
   AND (%(organisations)s::bigint[] IS NULL OR a.organisation_id = ANY(%(organisations)s))
UNION ALL
SELECT 'tally_differs' AS what, s.handler_id AS organisation_id, NULL::uuid AS appeal_id, '' AS number,
       format('Счётчик открытых на %%s: показывает %%s, открыто %%s.', s.due_on, s.told, s.real) AS about
  FROM (SELECT handler_id, due_on, sum(told) AS told, sum(real) AS real
          FROM (SELECT territory, handler_id, line, owner_id, kind, due_on, change AS told, 0 AS real FROM appeals_tally
                UNION ALL
                SELECT territory_id, handler_id, line, coalesce(owner_id, 0), kind, due_on, 0, 1
                  FROM appeals_appeal WHERE closed_at IS NULL) counted
         GROUP BY territory, handler_id, line, owner_id, kind, due_on
        HAVING sum(told) <> sum(real)) s
 WHERE %(organisations)s::bigint[] IS NULL OR s.handler_id = ANY(%(organisations)s)
UNION ALL
SELECT 'answered_differs' AS what, s.handler_id AS organisation_id, NULL::uuid AS appeal_id, '' AS number,
       format('Счётчик ответов за %%s: показывает %%s, отвечено %%s.', s.answered_on, s.told, s.real) AS about
  FROM (SELECT handler_id, answered_on, sum(told) AS told, sum(real) AS real
          FROM (SELECT territory, handler_id, line, answered_on, is_in_time, change AS told, 0 AS real
                  FROM appeals_daytally
                UNION ALL
                SELECT a.territory_id, a.handler_id, a.line, (a.answered_at AT TIME ZONE t.time_zone)::date,
                       coalesce(a.answered_at <= a.due_at, true), 0, 1
                  FROM appeals_appeal a JOIN organisations_territory t ON t.code = a.territory_id
                 WHERE a.answered_at IS NOT NULL) counted
         GROUP BY territory, handler_id, line, answered_on, is_in_time
        HAVING sum(told) <> sum(real)) s
 WHERE %(organisations)s::bigint[] IS NULL OR s.handler_id = ANY(%(organisations)s)
UNION ALL
SELECT 'queue_differs' AS what, coalesce(a.handler_id, q.handler_id) AS organisation_id, a.id AS appeal_id,
       coalesce(a.number, '') AS number, 'Очередь табло не совпадает с журналом.' AS about
  FROM appeals_queued q
  FULL JOIN (SELECT id, number, territory_id, handler_id, line, registered_at
               FROM appeals_appeal WHERE owner_id IS NULL AND closed_at IS NULL) a ON a.id = q.appeal_id
 WHERE (a.id IS NULL OR q.appeal_id IS NULL OR q.since < a.registered_at
        OR (a.territory_id, a.handler_id, a.line) <> (q.territory, q.handler_id, q.line))
   AND (%(organisations)s::bigint[] IS NULL OR coalesce(a.handler_id, q.handler_id) = ANY(%(organisations)s))
UNION ALL
SELECT 'promises_differ' AS what, s.handler_id AS organisation_id, NULL::uuid AS appeal_id, '' AS number,
       format('Счётчик обещанных звонков: показывает %%s, обещано %%s.', s.told, s.real) AS about
  FROM (SELECT handler_id, sum(told) AS told, sum(real) AS real
          FROM (SELECT territory, handler_id, due_at, change AS told, 0 AS real FROM appeals_promisetally
                UNION ALL
                SELECT a.territory_id, coalesce(o.parent_id, o.id), c.due_at, 0, 1
                  FROM appeals_callback c
                  JOIN appeals_appeal a ON a.id = c.appeal_id
                  JOIN organisations_organisation o ON o.id = c.organisation_id
                 WHERE c.state = 'open') counted
         GROUP BY territory, handler_id, due_at
        HAVING sum(told) <> sum(real)) s
 WHERE %(organisations)s::bigint[] IS NULL OR s.handler_id = ANY(%(organisations)s)
