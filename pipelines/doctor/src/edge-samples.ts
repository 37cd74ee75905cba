import { createNames, edgeSubset } from '@why502/formats';
import type { Columns, LoggedField, LogRecord } from '@why502/model';
import type { LoggedSet, SampleReading, SampleWriting } from './sample-logs.ts';
import { recordsOf } from './sample-records.ts';

/** Logs of requests as a job with chosen fields would have them. */
export const edgeSamples: SampleWriting<readonly string[]> = {
  source: 'cloudflare',
  sampleOf: ({ cloudflare }) => cloudflare?.split('\n'),
  hasWords: () => false,
  reading: (logged) => new EdgeReading(logged),
};

class EdgeReading implements SampleReading<readonly string[]> {
  readonly names = createNames();
  readonly #subset;
  readonly #decoder;

  constructor(logged: LoggedSet) {
    this.#subset = edgeSubset(new Set([...logged.fields] as LoggedField[]));
    this.#decoder = this.#subset.format.decoder('http_requests.log', this.names);
  }

  requests(lines: readonly string[], count: (rows: Columns) => void): readonly LogRecord[] {
    return recordsOf(
      this.#decoder,
      lines.map((line) => this.#subset.line(line)),
      count,
    );
  }

  beside(): readonly LogRecord[] {
    return [];
  }
}
