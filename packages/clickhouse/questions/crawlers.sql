-- Search engines that met failures, by what they claim to be
-- where: incidents
SELECT crawler.name AS crawler, sum(crawler.requests) AS failures, topK(1)(mechanism)[1] AS mostly,
  uniqExact(id) AS incidents, min(started) AS first, max(ended) AS last
FROM incidents FINAL ARRAY JOIN crawlers AS crawler
WHERE ended >= {since: DateTime64(3)} AND started < {until: DateTime64(3)} AND {{where}}
GROUP BY crawler
ORDER BY failures DESC, crawler
LIMIT {limit: UInt32}
