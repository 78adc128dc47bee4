// title: The service involvement of these people
// purpose: Every spell of a service with each person, open ones first and newest first, with the worker and how to
//   reach them. One row for each worker of a spell.
// parameters:
//   person_ids: texts - the people
//   excluded: texts - people who do not exist for this reader; none where left out
// columns: person_id, involvement_id, service_id, service, sensitive, kind, status, start, end, end_reason, team, role,
//   lead_professional, allocated, organisation, practitioner_id, practitioner, practitioner_role, phone, email, source,
//   source_row, extracted_on, updated_on
// rows: 5000
// seconds: 3
UNWIND $person_ids AS one
WITH DISTINCT one
MATCH (p:Person {person_id: one})-[:HAD]->(i:Involvement)
WHERE NOT p.person_id IN $excluded
OPTIONAL MATCH (i)-[:OF]->(s:Service)
OPTIONAL MATCH (i)-[:LED_BY]->(w:Practitioner)
RETURN p.person_id AS person_id, i.involvement_id AS involvement_id, s.service_id AS service_id, s.title AS service,
       s.sensitive AS sensitive, i.kind AS kind, i.status AS status, i.start AS start, i.end AS `end`,
       i.end_reason AS end_reason, i.team AS team, i.role AS role, i.lead_professional AS lead_professional,
       i.allocated AS allocated, i.organisation AS organisation, w.practitioner_id AS practitioner_id,
       w.name AS practitioner, w.role AS practitioner_role, w.phone AS phone, w.email AS email, i.source AS source,
       i.source_row AS source_row, i.extracted_on AS extracted_on, i.updated_on AS updated_on
ORDER BY person_id, CASE status WHEN 'open' THEN 0 ELSE 1 END, CASE WHEN start IS NULL THEN 1 ELSE 0 END, start DESC,
         involvement_id, practitioner_id
