-- Waves with nothing waiting or on its way, by their counters. Read by dispatch.finish_waves. Budget: 5 ms.
UPDATE informing_wave wave
   SET state = 'finished', finished_at = %(now)s
 WHERE state = 'running'
   AND coalesce((SELECT sum(change) FROM informing_touchtally tally
                  WHERE tally.campaign_id = wave.campaign_id AND tally.wave_id = wave.id
                    AND tally.state IN ('planned', 'claimed', 'sending', 'sent')), 0) = 0
