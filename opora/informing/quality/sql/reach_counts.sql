-- The counts behind the page of contact quality. Read by quality.nightly.count. Budget: 3 246 424 people under 5 s.
INSERT INTO informing_reachability (territory, insurer_id, provider_id, age_group, people, phone, mobile, messenger,
                                    email, address, nothing, sure, counted_at)
SELECT territory, insurer_id, provider_id, age_group, count(*), count(*) FILTER (WHERE phone),
       count(*) FILTER (WHERE mobile), count(*) FILTER (WHERE messenger), count(*) FILTER (WHERE email),
       count(*) FILTER (WHERE address),
       count(*) FILTER (WHERE NOT (phone OR mobile OR messenger OR email OR address)), count(*) FILTER (WHERE sure),
       %(now)s
  FROM reach_now GROUP BY territory, insurer_id, provider_id, age_group
