import { Problem } from '@why502/model';
import type { Telemetry, TelemetryOptions } from '@why502/pipeline-telemetry';
import type { TailFlags } from './flags.ts';

/** A store that does not take anything for so long is worth an alarm, ms. */
const longestDelay = 60_000;

/** How those stand whose delay is worth an alarm. */
export class Deliveries {
  readonly #delayed = new Map<string, { readonly since: number; why: string }>();

  delayed(sink: string, why: string): void {
    const known = this.#delayed.get(sink);
    if (known === undefined) this.#delayed.set(sink, { since: performance.now(), why });
    else known.why = why;
  }

  delivered(sink: string): void {
    this.#delayed.delete(sink);
  }

  /** For `/healthz`: since when each does not take anything, and why. */
  health(): { readonly ok: boolean; readonly details: Readonly<Record<string, string>> } {
    const now = performance.now();
    const entries = [...this.#delayed].map(([sink, { since, why }]) => ({ sink, since: now - since, why }));
    return {
      ok: entries.every(({ since }) => since < longestDelay),
      details: Object.fromEntries(
        entries.map(({ sink, since, why }) => [sink, `delayed for ${Math.round(since / 1_000)} s: ${why}`]),
      ),
    };
  }
}

/**
 * The telemetry that is asked for; undefined where none is. Loaded only for those who have some.
 *
 * @param durable events that wait are kept by whoever asks
 * @throws Problem W502_LISTEN
 */
export async function telemetryOf(
  { otel, listen, metricsBy }: TailFlags,
  deliveries: Deliveries,
  told: Pick<TelemetryOptions, 'onRetry' | 'onPartly'>,
  durable: boolean,
): Promise<Telemetry | undefined> {
  if (otel !== true && listen === undefined) return undefined;
  const { openTelemetry } = await import('@why502/pipeline-telemetry');
  return openTelemetry({
    send: otel === true,
    ...(listen === undefined ? {} : { listen }),
    ...(metricsBy === undefined ? {} : { by: metricsBy }),
    durable,
    health: () => deliveries.health(),
    ...told,
  });
}

/** Says each reason once until another one comes. */
export function onceEach(say: (problem: Problem) => void): (cause: unknown) => void {
  let said: string | undefined;
  return (cause) => {
    if (!(cause instanceof Problem) || cause.code === said) return;
    said = cause.code;
    say(cause);
  };
}

/** Says each problem at each place once. */
export function onceEver(say: (problem: Problem) => void): (cause: unknown) => void {
  const said = new Set<string>();
  return (cause) => {
    if (!(cause instanceof Problem) || said.has(cause.message)) return;
    said.add(cause.message);
    say(cause);
  };
}
