// title: The addresses of these people
// purpose: Where each person lives and has lived, as each source says, newest first.
// parameters:
//   person_ids: texts - the people
//   excluded: texts - people who do not exist for this reader; none where left out
// columns: person_id, address_id, text, postcode, uprn, communal, type, start, end, source, source_row, extracted_on,
//   updated_on
// rows: 3000
// seconds: 3
UNWIND $person_ids AS one
WITH DISTINCT one
MATCH (p:Person {person_id: one})-[r:LIVED_AT]->(a:Address)
WHERE NOT p.person_id IN $excluded
RETURN p.person_id AS person_id, a.address_id AS address_id, a.text AS text, a.postcode AS postcode, a.uprn AS uprn,
       a.communal AS communal, r.type AS type, r.start AS start, r.end AS `end`, r.source AS source,
       r.source_row AS source_row, r.extracted_on AS extracted_on, r.updated_on AS updated_on
ORDER BY person_id, CASE WHEN start IS NULL THEN 1 ELSE 0 END, start DESC, address_id, source, source_row
