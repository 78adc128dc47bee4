// title: Facts about these places
// purpose: What sources say of an address as such, newest first. Such a fact is about the place and not about anybody
//   who lives there. A place nobody is known to have lived at is not there.
// parameters:
//   address_ids: texts - the places
//   excluded: texts - people who do not exist for this reader; none where left out
// columns: address_id, event_id, kind, on, until, detail, tone, service_id, service, source, source_row, extracted_on,
//   updated_on
// rows: 3000
// seconds: 3
UNWIND $address_ids AS one
WITH DISTINCT one
MATCH (a:Address {address_id: one})<-[:LIVED_AT]-(p:Person)
WHERE NOT p.person_id IN $excluded
WITH DISTINCT a
MATCH (a)<-[:HAPPENED_AT]-(e:Event)
OPTIONAL MATCH (e)-[:OF]->(s:Service)
RETURN a.address_id AS address_id, e.event_id AS event_id, e.kind AS kind, e.on AS `on`, e.until AS until,
       e.detail AS detail, e.tone AS tone, s.service_id AS service_id, s.title AS service, e.source AS source,
       e.source_row AS source_row, e.extracted_on AS extracted_on, e.updated_on AS updated_on
ORDER BY address_id, CASE WHEN `on` IS NULL THEN 1 ELSE 0 END, `on` DESC, event_id
