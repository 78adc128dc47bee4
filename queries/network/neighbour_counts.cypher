// title: How many neighbours of each kind?
// purpose: What expanding a person in the network would show, by kind, before it is expanded. A service counts that an
//   involvement, a plan or something that happened leads to.
// parameters:
//   person_id: text - the person
//   scoped: flag - whether only the people in `allowed` may appear
//   allowed: texts - the people who may appear when scoped
//   excluded: texts - people who do not exist for this reader; none where left out
// columns: kind, n
// rows: 10
// seconds: 3
MATCH (p:Person {person_id: $person_id})
WHERE NOT p.person_id IN $excluded AND (NOT $scoped OR p.person_id IN $allowed)
OPTIONAL MATCH (p)-[:RELATED_TO]-(o:Person)
WHERE o.person_id <> $person_id AND NOT o.person_id IN $excluded AND (NOT $scoped OR o.person_id IN $allowed)
WITH p, count(DISTINCT o.person_id) AS people
OPTIONAL MATCH (p)-[:LIVED_AT]->(a:Address)
WITH p, people, count(DISTINCT a.address_id) AS addresses
OPTIONAL MATCH (p)-[:HAD]->()-[:OF]->(s:Service)
WITH p, people, addresses, collect(DISTINCT s.service_id) AS had
OPTIONAL MATCH (p)<-[:HAPPENED_TO]-(:Event)-[:OF]->(t:Service)
WITH p, people, addresses, had, collect(DISTINCT t.service_id) AS told
WITH p, people, addresses, size(had) + size([one IN told WHERE NOT one IN had]) AS services
OPTIONAL MATCH (p)-[:HAD]->(:Involvement)-[:LED_BY]->(w:Practitioner)
WITH people, addresses, services, count(DISTINCT w.practitioner_id) AS practitioners
UNWIND [{place: 1, kind: 'people', n: people}, {place: 2, kind: 'addresses', n: addresses},
        {place: 3, kind: 'services', n: services}, {place: 4, kind: 'practitioners', n: practitioners}] AS line
RETURN line.kind AS kind, line.n AS n
ORDER BY line.place
