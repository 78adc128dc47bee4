-- Standard tables and clusters -> everything the council holds, one row a fact, before any visibility class.
-- Inputs: std.* (loaders/tables.py), cluster, pair, shielded, source_order, service, code. Nothing is merged across
-- sources here: what a person is shown as is worked out per class, from the records that class may see.

CREATE SCHEMA "full";

CREATE MACRO place_id(name) AS left(sha256((SELECT value FROM secret) || name), 24);
-- Rows that a source gives one id are numbered from the second on. Used where a class is built: over what is left.
CREATE MACRO told_apart(id, place) AS id || CASE row_number() OVER (PARTITION BY id ORDER BY place)
    WHEN 1 THEN '' ELSE '#' || row_number() OVER (PARTITION BY id ORDER BY place) END;

-- Words that tell of an adoption are for who may see its links: nobody else learns that there is one.
CREATE MACRO tells_of_adoption(words) AS regexp_matches(lower(words), getvariable('adoption_words'));
CREATE MACRO unsaid(words, may_tell) AS CASE WHEN may_tell OR NOT tells_of_adoption(words) THEN words END;
CREATE MACRO is_adoption_status(words) AS coalesce(
    tells_of_adoption(words) OR regexp_matches(lower(words), getvariable('adoption_statuses')), false);

-- `turn`: whose word for the person's name comes first. Leaving records out does not change the order of the others.
CREATE TABLE "full".record AS
SELECT c.person_id, source || ':' || record_id AS record_key, record_id, p.forename, p.middle_names, p.surname,
       p.known_as, p.other_names, p.sex, p.dob, p.dob_estimated, p.dod, p.status, p.nhs_number, p.upn, p.uln, p.llid,
       p.pnc, c.match_basis, c.probability, source, p.source_row, p.extracted_on, p.updated_on,
       row_number() OVER (PARTITION BY c.person_id ORDER BY (p.duplicate_of IS NOT NULL), o.place,
                          coalesce(p.is_client, false) DESC, p.updated_on DESC NULLS LAST, p.record_id) AS turn
FROM std.person p JOIN cluster c USING (source, record_id) JOIN source_order o USING (source);

CREATE TABLE home AS
SELECT c.person_id, k.text_key, a.*
FROM std.address a
JOIN cluster c USING (source, record_id)
JOIN place_key k ON k.text IS NOT DISTINCT FROM a.text AND k.postcode IS NOT DISTINCT FROM a.postcode
WHERE k.text_key <> '' OR a.uprn IS NOT NULL;

-- A place one source hides for a person is hidden for that person whichever source names it.
-- Anybody's row may tell by which other text or number the same place goes: hidden under one name, hidden under all.
CREATE TABLE hidden_place AS
WITH hidden AS (
    SELECT DISTINCT person_id, nullif(text_key, '') AS text_key, uprn FROM home WHERE hidden
)
SELECT person_id, text_key, uprn FROM hidden
UNION
SELECT hidden.person_id, nullif(home.text_key, ''), home.uprn FROM hidden JOIN home USING (text_key)
UNION
SELECT hidden.person_id, nullif(home.text_key, ''), home.uprn FROM hidden JOIN home USING (uprn);

CREATE TABLE "full".residence AS
SELECT person_id, text, postcode, uprn, text_key, place_id(uprn) AS uprn_id, place_id(nullif(text_key, '')) AS text_id,
       regexp_matches(lower(text), getvariable('hub_words')) AS hub_word, type, start, "end",
       EXISTS (FROM hidden_place h WHERE h.person_id = home.person_id
               AND (h.text_key = home.text_key OR h.uprn = home.uprn)) AS hidden,
       source, min(source_row) AS source_row, max(extracted_on) AS extracted_on, max(updated_on) AS updated_on
FROM home
GROUP BY ALL;

CREATE TABLE "full".link AS
WITH named AS (
    SELECT r.*, a.person_id AS a, b.person_id AS b, code.mirrored, code.restricted AS restricted_code
    FROM std.relationship r
    JOIN cluster a ON a.source = r.source AND a.record_id = r.from_record
    JOIN cluster b ON b.source = r.source AND b.record_id = r.to_record
    JOIN code ON code.code = r.code
    WHERE a.person_id <> b.person_id
), hidden_placement AS (
    SELECT DISTINCT person_id FROM "full".residence WHERE hidden AND type = 'placement'
)
SELECT CASE WHEN mirrored AND a > b THEN b ELSE a END AS from_id,
       CASE WHEN mirrored AND a > b THEN a ELSE b END AS to_id,
       code, start, max("end") AS "end",
       CASE WHEN mirrored THEN NULL ELSE
           first(parental_responsibility ORDER BY updated_on DESC NULLS LAST, source_row)
               FILTER (parental_responsibility IS NOT NULL) END AS parental_responsibility,
       CASE WHEN mirrored THEN NULL ELSE bool_or(is_main_carer) END AS is_main_carer,
       bool_or(lives_with) AS lives_with,
       CASE WHEN code = 'TWIN' THEN 'unknown' END AS zygosity,
       'asserted' AS basis,
       first(source_label ORDER BY source_row) AS source_label,
       CASE WHEN restricted_code OR bool_or(coalesce(restricted, false))
                 OR (code LIKE 'FOSTER%' AND bool_or(a IN (FROM hidden_placement) OR b IN (FROM hidden_placement)))
            THEN 'restricted' ELSE 'standard' END AS visibility,
       source, min(source_row) AS source_row, max(extracted_on) AS extracted_on, max(updated_on) AS updated_on
FROM named
GROUP BY source, from_id, to_id, code, start, mirrored, restricted_code;

CREATE TABLE "full".involvement AS
SELECT c.person_id, i.source || ':' || i.row_id AS involvement_id, i.service_id, i.kind, i.status, i.start, i."end",
       i.end_reason, i.team, i.role, i.lead_professional, i.allocated, i.organisation,
       p.source || ':' || p.worker_id AS practitioner_id, s.sensitive,
       i.source, i.source_row, i.extracted_on, i.updated_on
FROM std.involvement i
JOIN cluster c USING (source, record_id)
JOIN service s USING (service_id)
LEFT JOIN std.practitioner p USING (source, worker_id);

CREATE TABLE "full".practitioner AS
SELECT p.source || ':' || p.worker_id AS practitioner_id, p.name, p.role, p.team, p.organisation AS organisation_name,
       p.phone, p.email, o.source || ':' || o.organisation_id AS organisation_id,
       p.source, p.source_row, p.extracted_on, p.updated_on
FROM std.practitioner p
LEFT JOIN (SELECT source, name, min(organisation_id) AS organisation_id FROM std.organisation GROUP BY source, name) o
       ON o.source = p.source AND o.name = p.organisation;

CREATE TABLE "full".organisation AS
SELECT source || ':' || organisation_id AS organisation_id, name, kind, phone, email,
       source, source_row, extracted_on, updated_on
FROM std.organisation;

-- Somebody one of whose homes is hidden: nothing is told of where they are placed.
CREATE TABLE "full".plan AS
SELECT c.person_id, p.source || ':' || p.row_id AS plan_id, p.service_id, p.kind, p.status, p.start, p."end", p.needs,
       p.legal_status, p.placement, c.person_id IN (SELECT person_id FROM hidden_place) AS hidden, p.author,
       p.kind = 'court order' OR p.row_id LIKE 'legal-%' AS status_alone,
       p.author_email, s.sensitive, p.source, p.source_row, p.extracted_on, p.updated_on
FROM std.plan p
JOIN cluster c USING (source, record_id)
JOIN service s USING (service_id);

CREATE TABLE "full".event AS
SELECT c.person_id, e.source || ':' || e.row_id AS event_id, e.service_id, e.kind, e."on", e.until, e.detail, e.tone,
       s.sensitive, e.source, e.source_row, e.extracted_on, e.updated_on
FROM std.event e
JOIN cluster c USING (source, record_id)
JOIN service s USING (service_id);

CREATE TABLE "full".place_fact AS
SELECT f.source || ':' || f.row_id AS event_id, place_id(f.uprn) AS uprn_id,
       place_id(nullif(k.text_key, '')) AS text_id, f.service_id, f.kind, f."on", f.until, f.detail, f.tone, s.sensitive,
       f.source, f.source_row, f.extracted_on, f.updated_on
FROM std.place_fact f
JOIN place_key k ON k.text IS NOT DISTINCT FROM f.text AND k.postcode IS NOT DISTINCT FROM f.postcode
JOIN service s USING (service_id);

CREATE TABLE sensitive_person AS
SELECT person_id FROM "full".involvement WHERE sensitive
UNION
SELECT person_id FROM "full".plan WHERE sensitive
UNION
SELECT person_id FROM "full".event WHERE sensitive;
