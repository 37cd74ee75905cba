/**
 * How why502 met `nginx-own`: measured once, since a first sight cannot be had again. In a worktree at the commit below,
 * with this folder, `corpus.ts` and `nginx-own` copied into it and the maps of `Fitting` over `nginx-lab` for a
 * calibration.
 */
export const firstSight: {
  readonly commit: string;
  readonly recordings: number;
  /** Shares, in the order of the table's columns. */
  readonly figures: readonly (readonly [logs: string, ...shares: readonly (number | undefined)[]])[];
} = {
  commit: '0474bba',
  recordings: 70,
  figures: [
    ['extended + error', 0.793, 0.6853, 0.7796, 0.1106, 0.8916, 0.5548, 0.0125, 0.0644],
    ['extended + error + nginx.conf', 0.8836, 0.7616, 0.8462, 0.012, 0.8944, 0.5856, 0.0127, 0.0464],
    ['JSON + error', 0.8982, 0.7799, 0.8759, 0.0253, 0.9215, 0.6221, 0.0307, 0.0882],
    ['JSON + error + nginx.conf', 0.8982, 0.7799, 0.8759, 0.0253, 0.9215, 0.6221, 0.0307, 0.0882],
    ['combined + error', 0.8265, 0.7385, 0.7857, 0.0529, 0.8726, 0.5559, 0.101, 0.1078],
    ['combined alone', 0.1755, 0.1446, 0.1612, 0.8219, 0.985, 0, undefined, 0.177],
  ],
};
