-- What has changed of the contacts becomes rows that count. Read by monthly.nightly. Budget: a million rows under 30 s.
INSERT INTO informing_informed (touch_id, year, person_id, territory, insurer_id, provider_id, measure, theme, channel,
                                way, "on", is_informing, is_first, came, cost)
SELECT touch_id, year, person_id, territory, insurer_id, provider_id, measure, theme, channel, way, on_day,
       is_informing, is_first, came, cost
  FROM informed_changes WHERE NOT is_gone
ON CONFLICT (touch_id) DO UPDATE
   SET is_informing = EXCLUDED.is_informing, is_first = EXCLUDED.is_first, came = EXCLUDED.came, cost = EXCLUDED.cost,
       "on" = EXCLUDED."on"
