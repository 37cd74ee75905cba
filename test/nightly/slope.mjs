/** The straight line that lies nearest to samples of memory, `{ at: seconds, mib }`: MiB an hour. 0 of fewer than two. */
export function slopePerHour(samples) {
  const count = Math.max(1, samples.length);
  const meanAt = samples.reduce((sum, { at }) => sum + at, 0) / count;
  const meanMib = samples.reduce((sum, { mib }) => sum + mib, 0) / count;
  const spread = samples.reduce((sum, { at }) => sum + (at - meanAt) ** 2, 0);
  const together = samples.reduce((sum, { at, mib }) => sum + (at - meanAt) * (mib - meanMib), 0);
  return spread === 0 ? 0 : (3_600 * together) / spread;
}
