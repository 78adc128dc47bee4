// title: What happened to these people
// purpose: Every dated fact about each person, newest first: missing episodes, suspensions, notifications, sessions.
// parameters:
//   person_ids: texts - the people
//   excluded: texts - people who do not exist for this reader; none where left out
// columns: person_id, event_id, kind, on, until, detail, tone, service_id, service, source, source_row, extracted_on,
//   updated_on
// rows: 5000
// seconds: 3
UNWIND $person_ids AS one
WITH DISTINCT one
MATCH (p:Person {person_id: one})<-[:HAPPENED_TO]-(e:Event)
WHERE NOT p.person_id IN $excluded
OPTIONAL MATCH (e)-[:OF]->(s:Service)
RETURN p.person_id AS person_id, e.event_id AS event_id, e.kind AS kind, e.on AS `on`, e.until AS until,
       e.detail AS detail, e.tone AS tone, s.service_id AS service_id, s.title AS service, e.source AS source,
       e.source_row AS source_row, e.extracted_on AS extracted_on, e.updated_on AS updated_on
ORDER BY person_id, CASE WHEN `on` IS NULL THEN 1 ELSE 0 END, `on` DESC, event_id
