import type { EvidenceLevel } from '@why502/classifier';
import { judgedBy } from '../figures.ts';
import type { LeftOut } from '../left-out.ts';
import type { Replay } from '../replay.ts';
import { bar, percent, table } from './markdown.ts';

const titles: Readonly<Record<EvidenceLevel, string>> = {
  words_and_attempts: 'words of the proxy, and attempts',
  words: 'words only',
  attempts: 'attempts only',
  status: 'status only',
  code: 'a code of the load balancer or the edge',
  alb: 'times and statuses of the load balancer',
  cloudflare: 'times and statuses of the edge',
  passed_on: 'Passed on by a load balancer or an edge from another gateway, whose log is not at hand',
};

/** Lower ends of the bins, in hundredths; finer where most of the confidences are. */
const bins = [95, 90, 80, 70, 60, 50, 0];

interface Bin {
  weight: number;
  confidence: number;
  right: number;
  readonly scenarios: Set<string>;
}

/** What was said with so much confidence, and how often it was right, for each level of evidence. */
export function reliability(
  replays: readonly Replay[],
  levels: readonly EvidenceLevel[],
  calibrations: LeftOut,
): string {
  const filled = fill(replays, calibrations);
  return levels
    .map((level) => {
      const rows = bins.flatMap((from, index) => {
        const bin = filled.get(`${level} ${from}`);
        if (bin === undefined) return [];
        const range =
          from === 0 ? 'below 0.50' : `0.${from} to ${((bins[index - 1] ?? 100) / 100).toFixed(2)}`;
        const right = bin.right / bin.weight;
        return [
          [
            range,
            percent(bin.confidence / bin.weight),
            `${bar(right)} ${percent(right)}`,
            bin.weight.toFixed(2),
            `${bin.scenarios.size}`,
          ],
        ];
      });
      const head = ['confidence', 'mean of it', 'right', 'weight', 'scenarios'];
      return `### ${titles[level]}\n\n${table(head, rows)}`;
    })
    .join('\n');
}

function fill(replays: readonly Replay[], calibrations: LeftOut): ReadonlyMap<string, Bin> {
  const filled = new Map<string, Bin>();
  const conditions = new Set(replays.map(({ condition }) => condition));
  for (const replay of replays) {
    judgedBy(replay, calibrations).forEach(({ named, confidence, fair, weight }, index) => {
      if (!named) return;
      const { level } = replay.matching.matches[index]!.verdict!;
      const from = bins.find((lower) => confidence * 100 >= lower)!;
      const bin = filled.get(`${level} ${from}`) ?? {
        weight: 0,
        confidence: 0,
        right: 0,
        scenarios: new Set(),
      };
      const share = weight / conditions.size;
      bin.weight += share;
      bin.confidence += share * confidence;
      if (fair) bin.right += share;
      bin.scenarios.add(replay.scenario.name);
      filled.set(`${level} ${from}`, bin);
    });
  }
  return filled;
}
