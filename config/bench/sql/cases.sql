-- Copies one case with all its rows: every second has ended, one of ten is the fund's, three of ten another insurer's.
-- Read by config.bench.complaints_board.ready; a hundred thousand take about a minute.
CREATE TEMPORARY TABLE copy ON COMMIT DROP AS
SELECT n, md5('case' || n)::uuid AS id, md5('request' || n)::uuid AS request, md5('control' || n)::uuid AS control,
       n %% 2 = 0 AS is_over, %(now)s::date - 60 + (n * 7919 %% 120)::int AS due,
       (ARRAY['opened', 'records', 'control', 'with_clinic', 'claim', 'verdict', 'restoring', 'ready'])[1 + n / 2 %% 8] AS stage
  FROM generate_series(%(first)s::bigint, %(last)s::bigint) n;
INSERT INTO appeals_appeal
SELECT (jsonb_populate_record(a, jsonb_build_object('id', c.id, 'sequence', 1000000 + c.n, 'number', %(prefix)s || lpad(c.n::text, 7, '0')))).*
  FROM appeals_appeal a, copy c WHERE a.id = %(source)s;
INSERT INTO appeals_grant
SELECT (jsonb_populate_record(a, jsonb_build_object('appeal_id', c.id, 'id', nextval(pg_get_serial_sequence('appeals_grant', 'id'))))).*
  FROM appeals_grant a, copy c WHERE a.appeal_id = %(source)s;
INSERT INTO appeals_appealtext
SELECT (jsonb_populate_record(a, jsonb_build_object('appeal_id', c.id))).* FROM appeals_appealtext a, copy c WHERE a.appeal_id = %(source)s;
INSERT INTO appeals_reason
SELECT (jsonb_populate_record(a, jsonb_build_object('appeal_id', c.id, 'id', nextval(pg_get_serial_sequence('appeals_reason', 'id'))))).*
  FROM appeals_reason a, copy c WHERE a.appeal_id = %(source)s;
INSERT INTO complaints_case
SELECT (jsonb_populate_record(a, jsonb_build_object('appeal_id', c.id,
        'insurer_id', CASE WHEN c.n %% 10 = 1 THEN NULL WHEN c.n %% 10 IN (2, 3, 4) THEN %(others)s ELSE a.insurer_id END,
        'expert_id', CASE WHEN c.n %% 10 = 5 THEN %(expert)s ELSE NULL END,
        'stage', CASE WHEN c.is_over THEN 'closed' ELSE c.stage END,
        'due_on', CASE WHEN c.is_over THEN '9999-12-31' ELSE c.due::text END,
        'closed_at', CASE WHEN c.is_over THEN %(now)s END))).*
  FROM complaints_case a, copy c WHERE a.appeal_id = %(source)s;
INSERT INTO complaints_caseevent
SELECT (jsonb_populate_record(a, jsonb_build_object('case_id', c.id, 'id', gen_random_uuid()))).*
  FROM complaints_caseevent a, copy c WHERE a.case_id = %(source)s;
INSERT INTO complaints_recordsrequest
SELECT (jsonb_populate_record(a, jsonb_build_object('case_id', c.id, 'id', c.request))).*
  FROM complaints_recordsrequest a, copy c WHERE a.case_id = %(source)s;
INSERT INTO complaints_control
SELECT (jsonb_populate_record(a, jsonb_build_object('case_id', c.id, 'id', c.control, 'request_id', c.request, 'act_number', 'B' || c.n))).*
  FROM complaints_control a, copy c WHERE a.case_id = %(source)s;
INSERT INTO complaints_violation (id, control_id, code, title, edition, conditions, billed, base, nonpay_share, fine_share, note)
SELECT gen_random_uuid(), c.control, v.code, v.title, v.edition, v.conditions, v.billed, v.base, v.nonpay_share, v.fine_share, v.note
  FROM complaints_violation v JOIN complaints_control o ON o.id = v.control_id AND o.case_id = %(source)s, copy c
