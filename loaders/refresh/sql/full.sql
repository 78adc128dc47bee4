-- Standard tables and clusters -> everything the council holds, one row a fact, before any visibility class.
-- Inputs: std.* (loaders/tables.py), cluster, shielded, source_order, service, code. Nothing is merged across sources here.

CREATE SCHEMA "full";

CREATE TABLE ranked AS
SELECT c.person_id, c.match_basis, c.probability, p.*,
       row_number() OVER (PARTITION BY c.person_id ORDER BY (p.duplicate_of IS NOT NULL), o.place,
                          coalesce(p.is_client, false) DESC, p.updated_on DESC NULLS LAST, p.record_id) AS turn
FROM std.person p JOIN cluster c USING (source, record_id) JOIN source_order o USING (source);

CREATE TABLE "full".record AS
SELECT person_id, source || ':' || record_id AS record_key, record_id, forename, middle_names, surname, known_as,
       other_names, sex, dob, dob_estimated, dod, nhs_number, upn, llid, match_basis, probability,
       source, source_row, extracted_on, updated_on
FROM ranked;

CREATE TABLE "full".person AS
WITH best AS (
    SELECT person_id,
           first(forename ORDER BY turn) AS forename,
           first(middle_names ORDER BY turn) AS middle_names,
           first(surname ORDER BY turn) AS surname,
           first(known_as ORDER BY turn) FILTER (known_as IS NOT NULL) AS known_as,
           coalesce(first(sex ORDER BY turn) FILTER (sex IN ('M', 'F')), 'U') AS sex,
           first(dob ORDER BY coalesce(dob_estimated, false), turn) FILTER (dob IS NOT NULL) AS dob,
           first(coalesce(dob_estimated, false) ORDER BY coalesce(dob_estimated, false), turn)
               FILTER (dob IS NOT NULL) AS dob_estimated,
           first(dod ORDER BY turn) FILTER (dod IS NOT NULL) AS dod,
           CASE WHEN bool_or(status = 'deceased' OR dod IS NOT NULL) THEN 'deceased'
                WHEN bool_or(status = 'alive') THEN 'alive'
                ELSE coalesce(first(status ORDER BY turn) FILTER (status IS NOT NULL), 'alive') END AS status,
           list_concat(list(trim(concat_ws(' ', forename, surname))),
                       flatten(list(coalesce(other_names, []::VARCHAR[])))) AS names,
           first(source ORDER BY turn) AS source,
           first(source_row ORDER BY turn) AS source_row,
           first(extracted_on ORDER BY turn) AS extracted_on,
           first(updated_on ORDER BY turn) AS updated_on
    FROM ranked GROUP BY person_id
)
SELECT person_id, forename, middle_names, surname, known_as,
       list_sort(list_distinct(list_filter(names, lambda name:
           name <> '' AND lower(name) <> lower(trim(concat_ws(' ', forename, surname)))))) AS other_names,
       sex, dob, dob_estimated, strftime(dob, '%Y-%m') AS birth_month, dod, status,
       person_id IN (FROM shielded) AS shielded,
       source, source_row, extracted_on, updated_on
FROM best;

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
SELECT person_id, text, postcode, uprn, text_key, type, start, "end",
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

CREATE TABLE pr_holder AS
SELECT l.to_id AS person_id,
       first(trim(concat_ws(' ', p.forename, p.surname)) ORDER BY l."end" IS NOT NULL, l.start, p.person_id) AS pr_holder
FROM "full".link l JOIN "full".person p ON p.person_id = l.from_id
WHERE l.parental_responsibility = 'Y' AND l."end" IS NULL AND NOT p.shielded AND l.visibility = 'standard'
GROUP BY l.to_id;
