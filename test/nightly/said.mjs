// What a tail or an analyze has said in JSON, as the soak compares it.

/** Files have moved since the tail read them, and revisions count what was said before. */
export function plain(line) {
  return line.replace(/"file":"[^"]*"/g, '').replace(/"revision":\d+/, '');
}

/** Requests by bucket and status. */
export function trafficOf(text) {
  const totals = new Map();
  for (const line of text.split('\n')) {
    if (!line.includes('"kind":"traffic"')) continue;
    const { bucket, status, requests } = JSON.parse(line);
    const key = `${Date.parse(bucket) / 1_000} ${status}`;
    totals.set(key, (totals.get(key) ?? 0) + requests);
  }
  return totals;
}

/** Final verdicts by id, of failures. */
export function verdicts(text, last = false) {
  const byId = new Map();
  byId.repeated = 0;
  for (const line of text.split('\n')) {
    if (!line.includes('"kind":"verdict"')) continue;
    let verdict;
    try {
      verdict = JSON.parse(line);
    } catch {
      // A line that was cut by a SIGKILL.
      continue;
    }
    if (!verdict.final) continue;
    if (byId.has(verdict.id)) byId.repeated++;
    if (last || !byId.has(verdict.id)) byId.set(verdict.id, { line, verdict });
  }
  return byId;
}

export function tally(words) {
  const counts = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
