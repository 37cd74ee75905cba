-- All that is known of one incident
-- argument: id, the id of an incident or its beginning
SELECT id, title, cause, mechanism, upstream, started, ended, requests, effects, masked, by_status, hops, clients,
  crawlers, peers, methods, routes, round(confidence, 3) AS confidence,
  arrayMap(one -> concat(one.text, ' (', toString(one.requests), ', ', one.file, ':', toString(one.line), ')'), evidence) AS because,
  not_affected, arrayMap(one -> concat(one.where, ': ', one.change, if(one.example = '', '', concat(' (', one.example, ')'))), remedy) AS to_do,
  success AS mended_when
FROM incidents FINAL
WHERE startsWith(id, {id: String})
ORDER BY started DESC
LIMIT {limit: UInt32}
