import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { fileOf } from './logs/log-files.ts';
import { Play } from './play.ts';
import type { Scenario } from './scenario.ts';
import { truthOf } from './truth.ts';

/** What a play comes to: the content of each file of its folder. */
export interface Recording {
  readonly files: ReadonlyMap<string, Buffer>;
  readonly summary: Readonly<Record<string, unknown>>;
}

/** Plays a scenario. The same seed gives the same bytes. */
export async function perform(scenario: Scenario, seed: number): Promise<Recording> {
  const play = new Play(scenario, seed);
  scenario.build(play);
  await play.world.clock.run();
  /** In the order of their names, so that a line that is delivered twice counts where it is met first. */
  const delivered = play.logs.flatMap((log) => log.files());
  const written = [...delivered].sort((a, b) => (a.name < b.name ? -1 : 1)).map(fileOf);
  const truth = truthOf(play.world, {
    codes: scenario.codes ?? false,
    sources: new Set(Object.keys(play.formats)),
  });
  const { lines } = truth;
  const summary = {
    name: scenario.name,
    description: scenario.description,
    topology: scenario.topology,
    started: new Date(play.world.start).toISOString(),
    minutes: scenario.minutes,
    seed,
    formats: play.formats,
    ids: scenario.ids ?? null,
    faults: play.faults,
    requests: play.world.trips.length,
    truth: lines.length,
    failures_without_any_row: truth.unseen,
    by_mechanism: tally(lines.map(({ mechanism }) => mechanism)),
    by_status: tally(lines.map(({ status }) => `${status}`)),
    by_outcome: tally(lines.map(({ outcome }) => outcome)),
    by_generator: tally(lines.map(({ generator_hop }) => generator_hop)),
    undecidable: lines.filter(({ undecidable }) => undecidable).length,
    files: written.map(({ name, lines }) => ({ file: name, lines })),
  };
  const files = new Map<string, Buffer>();
  for (const { name, text, packed } of written) {
    files.set(join('logs', name), packed ? gzipSync(text, { level: 9 }) : Buffer.from(text));
  }
  const labels = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  files.set('truth.jsonl.gz', gzipSync(labels, { level: 9 }));
  files.set('scenario.json', Buffer.from(`${JSON.stringify(summary, undefined, 1)}\n`));
  return { files, summary };
}

export function writeRecording(folder: string, { files }: Recording): void {
  rmSync(folder, { recursive: true, force: true });
  for (const [name, content] of files) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
}

function tally(values: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const value of [...values].sort()) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}
