-- Which hop made the statuses, as seen from which log, and behind which peers
-- where: failures
-- Which logs there were depends neither on conditions nor on which revision of a verdict tells.
WITH (
  SELECT groupUniqArrayArray(rows.source) FROM verdicts
  WHERE time >= {since: DateTime64(3)} AND time < {until: DateTime64(3)}) AS logged
SELECT of_source AS source, of_hop AS hop, of_generator AS generator, sum(alike) AS failures,
  argMax(of_mechanism, alike) AS mostly, logged AS seen
FROM (
  SELECT any(source) AS of_source, any(hop) AS of_hop, any(generator) AS of_generator, any(mechanism) AS of_mechanism,
    count() AS alike
  FROM failures
  WHERE time >= {since: DateTime64(3)} AND time < {until: DateTime64(3)} AND {{where}}
  GROUP BY cityHash64(cityHash64(source), cityHash64(hop), cityHash64(generator), cityHash64(mechanism)))
GROUP BY source, hop, generator
ORDER BY failures DESC, source, hop, generator
LIMIT {limit: UInt32}
