-- What an insurer did in a period: one row per touch, the day by the person's clock, first or repeated of its year and
-- measure. What partners reported comes before ours of the same day. Read by facts.facts_of_period.
-- Budget: a month of 300 000 touches under 30 s.
SELECT t.id, t.person_id, t.measure, t.channel, t.purpose, t.outcome, t.reason,
       (coalesce(t.sent_at, t.final_at) AT TIME ZONE t.zone)::date AS on_day, coalesce(o.code, '') AS provider_code,
       NOT EXISTS (SELECT FROM informing_touch f
                    WHERE f.person_id = t.person_id AND f.year = t.year AND f.measure = t.measure
                      AND f.insurer_id = t.insurer_id AND f.state = ANY (%(states)s) AND NOT f.outcome = ANY (%(vain)s)
                      AND f.purpose = ANY (%(informing)s)
                      AND (coalesce(f.sent_at, f.final_at), f.id) < (coalesce(t.sent_at, t.final_at), t.id))
         AND NOT EXISTS (SELECT FROM informing_reported r
                          WHERE r.person_id = t.person_id AND r.measure = t.measure
                            AND r."on" BETWEEN make_date(t.year, 1, 1)
                                           AND (coalesce(t.sent_at, t.final_at) AT TIME ZONE t.zone)::date) AS is_first,
       coalesce((SELECT a.note FROM informing_attempt a
                  WHERE a.touch_id = t.id AND a.note <> '' ORDER BY a.id DESC LIMIT 1), '') AS note
  FROM informing_touch t
  LEFT JOIN organisations_organisation o ON o.id = t.provider_id
 WHERE t.year = ANY (%(years)s) AND t.insurer_id = %(insurer)s AND t.purpose = ANY (%(purposes)s)
   AND t.state = ANY (%(states)s) AND NOT t.outcome = ANY (%(left_out)s)
   AND coalesce(t.sent_at, t.final_at) >= %(since)s AND coalesce(t.sent_at, t.final_at) < %(until)s
   AND (%(measures)s::text[] IS NULL OR t.measure = ANY (%(measures)s::text[]))
 ORDER BY on_day, t.id
