-- Which hop made the statuses, as seen from which log, and behind which peers
-- where: failures
SELECT of_source AS source, of_hop AS hop, of_generator AS generator, failures, mostly, seen
FROM (
  SELECT any(source) AS of_source, any(hop) AS of_hop, any(generator) AS of_generator, count() AS failures,
    topK(1)(mechanism)[1] AS mostly, groupUniqArrayArray(rows.source) AS seen
  FROM failures
  WHERE time >= {since: DateTime64(3)} AND time < {until: DateTime64(3)} AND {{where}}
  GROUP BY cityHash64(cityHash64(source), cityHash64(hop), cityHash64(generator)))
ORDER BY failures DESC, source, hop, generator
LIMIT {limit: UInt32}
