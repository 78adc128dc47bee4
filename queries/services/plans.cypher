// title: The plans of these people
// purpose: Every plan, assessment and order of each person, open ones first and newest first, with its coded needs and
//   whoever wrote it.
// parameters:
//   person_ids: texts - the people
//   excluded: texts - people who do not exist for this reader; none where left out
// columns: person_id, plan_id, kind, status, start, end, needs, legal_status, placement, author, author_email,
//   service_id, service, source, source_row, extracted_on, updated_on
// rows: 3000
// seconds: 3
UNWIND $person_ids AS one
WITH DISTINCT one
MATCH (p:Person {person_id: one})-[:HAD]->(x:Plan)
WHERE NOT p.person_id IN $excluded
OPTIONAL MATCH (x)-[:OF]->(s:Service)
RETURN p.person_id AS person_id, x.plan_id AS plan_id, x.kind AS kind, x.status AS status, x.start AS start,
       x.end AS `end`, x.needs AS needs, x.legal_status AS legal_status, x.placement AS placement, x.author AS author,
       x.author_email AS author_email, s.service_id AS service_id, s.title AS service, x.source AS source,
       x.source_row AS source_row, x.extracted_on AS extracted_on, x.updated_on AS updated_on
ORDER BY person_id, CASE status WHEN 'open' THEN 0 ELSE 1 END, CASE WHEN start IS NULL THEN 1 ELSE 0 END, start DESC,
         plan_id
