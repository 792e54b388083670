-- Temporary tables of a block of invented appeals. Run by simulation.journal.load as stage; gone with the transaction.
DROP TABLE IF EXISTS pg_temp.lived_appeal, pg_temp.lived_grant, pg_temp.lived_party, pg_temp.lived_event,
    pg_temp.lived_clock, pg_temp.lived_answer, pg_temp.lived_reason;
CREATE TEMPORARY TABLE lived_appeal (
    place integer, id uuid, year smallint, text text,
    kind varchar, form varchar, channel varchar, standing varchar, topic_id bigint, topic_code varchar, flags varchar[],
    received_at timestamptz, registered_at timestamptz, organisation bigint, registered_by bigint, line_received varchar,
    line varchar, handler_id bigint, responsible varchar, owner_id bigint, stage varchar, due_on date,
    due_at timestamptz, needs_answer boolean, interim_answered_at timestamptz, answered_at timestamptz,
    closed_at timestamptz, outcome varchar, verdict varchar, outside varchar, outside_at timestamptz,
    call_id varchar
) ON COMMIT DROP;
CREATE TEMPORARY TABLE lived_grant (appeal uuid, organisation bigint, reason varchar) ON COMMIT DROP;
CREATE TEMPORARY TABLE lived_party (
    appeal uuid, role varchar, person_id bigint, surname varchar, given_name varchar, patronymic varchar, birth_on date,
    enp varchar, insurer_id bigint, phone varchar
) ON COMMIT DROP;
CREATE TEMPORARY TABLE lived_event (
    appeal uuid, at timestamptz, id uuid, organisation bigint, kind varchar, employee bigint, employee_name varchar,
    line varchar, depth smallint, details jsonb, text text
) ON COMMIT DROP;
CREATE TEMPORARY TABLE lived_clock (
    appeal uuid, term varchar, title varchar, is_main boolean, started_at timestamptz, started_on date,
    extension smallint, order_number varchar, due_on date, due_at timestamptz, warn_on jsonb, law_version varchar,
    calendar_version varchar, state varchar, stopped_at timestamptz
) ON COMMIT DROP;
CREATE TEMPORARY TABLE lived_answer (
    appeal uuid, id uuid, kind varchar, text text, card varchar, channel varchar, at timestamptz, by bigint,
    approved_by bigint
) ON COMMIT DROP;
CREATE TEMPORARY TABLE lived_reason (
    appeal uuid, topic_id bigint, topic_code varchar, provider_id bigint, verdict varchar
) ON COMMIT DROP
