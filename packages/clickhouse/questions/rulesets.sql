-- What a new version judges otherwise, where the same logs were saved again
SELECT before.ruleset AS ruleset_before, after.ruleset AS ruleset, before.cause AS cause_before, before.mechanism AS mechanism_before,
  after.cause AS cause, after.mechanism AS mechanism, count() AS verdicts, min(id) AS example
FROM (
  SELECT id, step.1 AS before, step.2 AS after
  FROM (
    SELECT id, arraySort(ruling -> ruling.saved, groupArray(
      CAST((saved, ruleset, cause, mechanism), 'Tuple(saved DateTime64(3), ruleset String, cause String, mechanism String)'))) AS rulings
    FROM rulings FINAL
    WHERE time >= {since: DateTime64(3)} AND time < {until: DateTime64(3)} AND merged_into = ''
    GROUP BY id
    HAVING count() > 1)
  ARRAY JOIN arrayZip(arrayPopBack(rulings), arrayPopFront(rulings)) AS step)
WHERE (cause_before, mechanism_before) != (cause, mechanism)
GROUP BY ruleset_before, ruleset, cause_before, mechanism_before, cause, mechanism
ORDER BY ruleset_before, ruleset, verdicts DESC, mechanism_before, mechanism
LIMIT {limit: UInt32}
