-- A place for the records of one file, each with who is meant; dropped with the transaction. Read by loading.
CREATE TEMPORARY TABLE incoming (
  what varchar(11), place integer, key varchar(64), surname text, given_name text, patronymic text,
  surname_key text COLLATE "C", given_key text COLLATE "C", patronymic_key text COLLATE "C", birth_on date, sex smallint,
  enp varchar(20) COLLATE "C", snils varchar(20) COLLATE "C", policy varchar(20) COLLATE "C", phone varchar(100),
  provider_code varchar(20) COLLATE "C" DEFAULT '', measure varchar(16), year smallint, month smallint, quarter smallint,
  sequence varchar(6), inform_by date, visit_from date, visit_to date, note text DEFAULT '', purpose varchar(16),
  channel varchar(12), on_day date, outcome varchar(16), reason varchar(16), result varchar(20) DEFAULT '',
  diagnosis varchar(10), since date, until date, diagnosed_on date, reason_in varchar(50), reason_out varchar(50),
  specialty varchar(10), doctor_snils varchar(14), number varchar(36), issued_on date, planned_on date,
  from_code varchar(20), hospital_code varchar(20), profile varchar(10), bed_profile varchar(10), form varchar(2),
  began_on date, replaces boolean, cancelled_on date, cancel_reason varchar(20), admitted_on date, is_granted boolean,
  person_id bigint, insurer_id bigint, provider_id bigint, listed_provider_id bigint, territory varchar(5),
  state varchar(12) DEFAULT 'unmatched', why text DEFAULT '', critique varchar(40) DEFAULT ''
) ON COMMIT DROP
