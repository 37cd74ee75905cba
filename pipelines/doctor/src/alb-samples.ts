import { albSubset, createNames, healthChecks } from '@why502/formats';
import type { Columns, LoggedField, LogRecord } from '@why502/model';
import type { LoggedSet, SampleReading, SampleWriting } from './sample-logs.ts';
import { recordsOf } from './sample-records.ts';

interface AlbSample {
  readonly lines: readonly string[];
  readonly checks: readonly string[];
}

/** Access logs as a delivery with chosen fields would have them, and the log of health checks where one is kept. */
export const albSamples: SampleWriting<AlbSample> = {
  source: 'alb',
  sampleOf({ alb, albHealth }) {
    return alb === undefined
      ? undefined
      : { lines: alb.split('\n'), checks: albHealth === undefined ? [] : albHealth.split('\n') };
  },
  hasWords: ({ checks }) => checks.length > 0,
  reading: (logged) => new AlbReading(logged),
};

class AlbReading implements SampleReading<AlbSample> {
  readonly names = createNames();
  readonly #logged: LoggedSet;
  readonly #subset;
  readonly #access;
  readonly #health = healthChecks.decoder('health_check_log', this.names);

  constructor(logged: LoggedSet) {
    this.#logged = logged;
    this.#subset = albSubset(new Set([...logged.fields].filter(isField)));
    this.#access = this.#subset.format.decoder('alb.log', this.names);
  }

  requests({ lines }: AlbSample, count: (rows: Columns) => void): readonly LogRecord[] {
    return recordsOf(
      this.#access,
      lines.map((line) => this.#subset.line(line)),
      count,
    );
  }

  beside({ checks }: AlbSample): readonly LogRecord[] {
    return this.#logged.fields.has('health_log') ? recordsOf(this.#health, checks) : [];
  }
}

function isField(field: string): field is LoggedField {
  return field !== 'health_log';
}
