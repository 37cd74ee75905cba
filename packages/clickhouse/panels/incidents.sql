-- Incidents with all that a page about one shows, the largest of those that go on or ended last first
-- where: incidents
SELECT id, title, cause, mechanism, upstream, toUnixTimestamp64Milli(started) AS started_at, toUnixTimestamp64Milli(ended) AS ended_at,
  requests, effects, masked, by_status, hops, clients, main_client, crawlers, peers, methods, routes, confidence, evidence,
  not_affected, first_verdict, remedy, success
FROM incidents FINAL
WHERE ended >= {since: DateTime64(3)} AND started < {until: DateTime64(3)} AND {{where}}
ORDER BY requests DESC, started DESC, id
LIMIT {limit: UInt32}
