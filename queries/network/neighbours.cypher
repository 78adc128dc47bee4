// title: The neighbours of one kind
// purpose: What stands one step from a person in the network: people by recorded links, addresses, services or
//   practitioners. One row a link; of a service that happenings lead to, the latest of each kind and source, with the
//   edge label event. A place, service or worker is shown but never leads on to other people.
// parameters:
//   person_id: text - the person
//   kind: text - people, addresses, services or practitioners
//   scoped: flag - whether only the people in `allowed` may appear
//   allowed: texts - the people who may appear when scoped
//   excluded: texts - people who do not exist for this reader; none where left out
// columns: kind, node_id, label_text, detail, edge_label, forwards, sex, dob, status, shielded, communal, sensitive,
//   start, end, source, source_row, extracted_on, updated_on
// rows: 500
// seconds: 3
CALL {
  MATCH (p:Person {person_id: $person_id})-[r:RELATED_TO]-(o:Person)
  WHERE $kind = 'people' AND NOT p.person_id IN $excluded AND (NOT $scoped OR p.person_id IN $allowed)
    AND o.person_id <> $person_id AND NOT o.person_id IN $excluded AND (NOT $scoped OR o.person_id IN $allowed)
  RETURN 'people' AS kind, o.person_id AS node_id, trim(coalesce(o.forename, '') + ' ' + coalesce(o.surname, '')) AS label_text,
         o.known_as AS detail, r.code AS edge_label, startNode(r).person_id = o.person_id AS forwards, o.sex AS sex,
         o.dob AS dob, o.status AS status, o.shielded AS shielded, null AS communal, null AS sensitive,
         r.start AS start, r.end AS finish, r.source AS source, r.source_row AS source_row,
         r.extracted_on AS extracted_on, r.updated_on AS updated_on
  UNION ALL
  MATCH (p:Person {person_id: $person_id})-[r:LIVED_AT]->(a:Address)
  WHERE $kind = 'addresses' AND NOT p.person_id IN $excluded AND (NOT $scoped OR p.person_id IN $allowed)
  RETURN 'addresses' AS kind, a.address_id AS node_id, a.text AS label_text, a.postcode AS detail, r.type AS edge_label,
         true AS forwards, null AS sex, null AS dob, null AS status, null AS shielded, a.communal AS communal,
         null AS sensitive, r.start AS start, r.end AS finish, r.source AS source, r.source_row AS source_row,
         r.extracted_on AS extracted_on, r.updated_on AS updated_on
  UNION ALL
  MATCH (p:Person {person_id: $person_id})-[:HAD]->(x)-[:OF]->(s:Service)
  WHERE $kind = 'services' AND NOT p.person_id IN $excluded AND (NOT $scoped OR p.person_id IN $allowed)
  RETURN 'services' AS kind, s.service_id AS node_id, s.title AS label_text, x.kind AS detail, x.status AS edge_label,
         true AS forwards, null AS sex, null AS dob, x.status AS status, null AS shielded, null AS communal,
         s.sensitive AS sensitive, x.start AS start, x.end AS finish, x.source AS source, x.source_row AS source_row,
         x.extracted_on AS extracted_on, x.updated_on AS updated_on
  UNION ALL
  MATCH (p:Person {person_id: $person_id})<-[:HAPPENED_TO]-(e:Event)-[:OF]->(s:Service)
  WHERE $kind = 'services' AND NOT p.person_id IN $excluded AND (NOT $scoped OR p.person_id IN $allowed)
  WITH s, e
  ORDER BY CASE WHEN e.on IS NULL THEN 1 ELSE 0 END, e.on DESC, e.event_id
  WITH s, e.source AS teller, e.kind AS what, collect(e) AS told
  WITH s, told[0] AS e
  RETURN 'services' AS kind, s.service_id AS node_id, s.title AS label_text, e.kind AS detail, 'event' AS edge_label,
         true AS forwards, null AS sex, null AS dob, null AS status, null AS shielded, null AS communal,
         s.sensitive AS sensitive, e.on AS start, e.until AS finish, e.source AS source, e.source_row AS source_row,
         e.extracted_on AS extracted_on, e.updated_on AS updated_on
  UNION ALL
  MATCH (p:Person {person_id: $person_id})-[:HAD]->(i:Involvement)-[r:LED_BY]->(w:Practitioner)
  WHERE $kind = 'practitioners' AND NOT p.person_id IN $excluded AND (NOT $scoped OR p.person_id IN $allowed)
  RETURN 'practitioners' AS kind, w.practitioner_id AS node_id, w.name AS label_text, w.team AS detail,
         coalesce(w.role, i.role) AS edge_label, true AS forwards, null AS sex, null AS dob, i.status AS status,
         null AS shielded, null AS communal, null AS sensitive, coalesce(r.start, i.start) AS start,
         coalesce(r.end, i.end) AS finish, i.source AS source, i.source_row AS source_row,
         i.extracted_on AS extracted_on, i.updated_on AS updated_on
}
RETURN kind, node_id, label_text, detail, edge_label, forwards, sex, dob, status, shielded, communal, sensitive,
       start, finish AS `end`, source, source_row, extracted_on, updated_on
ORDER BY node_id, source, edge_label, CASE WHEN start IS NULL THEN 1 ELSE 0 END, start DESC, source_row
