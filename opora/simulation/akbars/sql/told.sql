-- What the provider said of each message of a wave: that he has it, and what became of it. Read by carry.carry.
-- Budget: 1.3 million receipts under 60 s.
INSERT INTO channels_receipt (received_at, id, provider_id, organisation_id, message_id, reference, state, at, code,
                              destination)
SELECT said.at, md5(t.id || said.state)::uuid, t.gateway_id, %(insurer)s, t.message_id,
       lpad(to_hex(t.id), 32, '0')::uuid, said.state, said.at, said.code, ''
  FROM carried c
  JOIN informing_touch t ON t.year = %(year)s AND t.id = c.id
  CROSS JOIN LATERAL (
    VALUES ('accepted', t.sent_at, ''),
           (CASE c.fate WHEN 'delivered' THEN 'delivered' WHEN 'undelivered' THEN 'undeliverable' END, c.final_at,
            CASE WHEN c.fate = 'undelivered' THEN '11' ELSE '' END)) AS said (state, at, code)
 WHERE c.goes AND c.fate IN ('delivered', 'undelivered', 'silent') AND said.state IS NOT NULL
