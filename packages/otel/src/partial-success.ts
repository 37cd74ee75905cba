import { DiagLogLevel, diag } from '@opentelemetry/api';
import { Problem } from '@why502/model';
import { endpointOf, type Signal } from './export-problem.ts';

/** What a collector did not take of an export that it accepted. */
export interface PartialSuccess {
  /** Records or points that it refuses for good, without saying which; 0 where it only warns. */
  readonly rejected: number;
  readonly cause: Problem;
}

/** What the exporters said last, in this turn of the event loop. */
let said: { readonly rejected: number; readonly words: string } | undefined;

const nothing = () => {};

/**
 * Lets `partialSuccess` hear what exporters say. They tell of a partial success to nobody but the SDK's own log, which this
 * takes over; nobody reads it otherwise.
 */
export function hearPartialSuccess(): void {
  const warn = (...words: readonly unknown[]) => hear(words);
  const logger = { error: nothing, warn, info: nothing, debug: nothing, verbose: nothing };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
}

/**
 * What the collector did not take, if anything: to be asked in the callback of an export. It is called in the same turn in which the
 * exporter has read the answer, so that this is the answer to that export (OTLP specification 1.x, "Partial Success").
 */
export function partialSuccess(signal: Signal, sent: number): PartialSuccess | undefined {
  if (said === undefined) return undefined;
  const { rejected, words } = said;
  said = undefined;
  const count = Math.min(rejected, sent);
  const cause = new Problem('W502_OTEL_PARTIAL', {
    where: `${endpointOf(signal)}, ${signal === 'LOGS' ? 'events' : 'metrics'}`,
    excerpt: `${count} of ${sent} refused${words === '' ? '' : `: ${words.slice(0, 200)}`}`,
  });
  return { rejected: count, cause };
}

function hear([, text]: readonly unknown[]): void {
  const answer = typeof text === 'string' ? answerIn(text) : undefined;
  if (answer === undefined) return;
  const { rejectedLogRecords, rejectedDataPoints, errorMessage = '' } = answer;
  const rejected = Number(rejectedLogRecords ?? rejectedDataPoints ?? 0);
  said = { rejected: rejected > 0 ? rejected : 0, words: String(errorMessage) };
  // What is not asked for now is nobody's of ours.
  queueMicrotask(() => {
    said = undefined;
  });
}

interface Answer {
  readonly rejectedLogRecords?: unknown;
  readonly rejectedDataPoints?: unknown;
  readonly errorMessage?: unknown;
}

/** Other warnings are prose. */
function answerIn(text: string): Answer | undefined {
  try {
    const answer: Answer = JSON.parse(text);
    const isOne = ['rejectedLogRecords', 'rejectedDataPoints', 'errorMessage'].some((key) => key in answer);
    return isOne ? answer : undefined;
  } catch {
    return undefined;
  }
}
