-- Which peers failed when: the dozen with most failures, and how much each was asked
-- argument: step, seconds
-- where: failures
-- The failures are read once, for the dozen and for their times.
SELECT peer, at, sum(failed) AS failures, sum(asked) AS requests
FROM (
  SELECT worst.of_peer AS peer, arrayJoin(arrayConcat(worst.counts, traffic.counts)) AS one,
    one.1 AS at, one.2 AS failed, one.3 AS asked
  FROM (
    SELECT of_peer, groupArray((at, failed, toUInt64(0))) AS counts
    FROM (
      SELECT any(peer) AS of_peer, intDiv(toUnixTimestamp(time), {step: UInt32}) * {step: UInt32} * 1000 AS at, count() AS failed
      FROM failures
      WHERE time >= {since: DateTime64(3)} AND time < {until: DateTime64(3)} AND peer != '' AND {{where}}
      GROUP BY cityHash64(peer), at)
    GROUP BY of_peer
    ORDER BY sum(failed) DESC, of_peer
    LIMIT 12) AS worst
  LEFT JOIN (
    SELECT peer, groupArray((at, toUInt64(0), asked)) AS counts
    FROM (
      SELECT peer, intDiv(toUnixTimestamp(bucket), {step: UInt32}) * {step: UInt32} * 1000 AS at, sum(requests) AS asked
      FROM {{traffic}}
      GROUP BY peer, at)
    GROUP BY peer) AS traffic ON traffic.peer = worst.of_peer)
GROUP BY peer, at
ORDER BY peer, at
LIMIT {limit: UInt32}
