import { causes } from '@why502/model/cause';
import { useRef, useState } from 'preact/hooks';
import type { Row } from './api.ts';
import { causeClass, causeName } from './causes.ts';
import { count, number, share, text, tick, time, utc } from './format.ts';
import { columnsOf, type Span } from './span.ts';
import { go } from './state.ts';

interface Column {
  readonly at: number;
  readonly parts: readonly { readonly cause: string; readonly final: boolean; readonly failures: number }[];
  readonly failures: number;
  readonly requests: number;
}

interface TimeChartProps {
  readonly span: Span;
  readonly failures: readonly Row[];
  readonly traffic: readonly Row[];
}

/** Height of the drawing in its own units; it is stretched to its place. */
const high = 100;

/** Failures over time, one colour per cause. Drag over it, or use the arrows and Enter, to look at a part. */
export function TimeChart({ span, failures, traffic }: TimeChartProps) {
  const [brush, setBrush] = useState<readonly [number, number] | undefined>();
  const [cursor, setCursor] = useState<number | undefined>();
  const drawing = useRef<SVGSVGElement>(null);
  const columns = columnsFrom(span, failures, traffic);
  const most = Math.max(1, ...columns.map((one) => one.failures));
  const shown = causes.filter((cause) => failures.some((row) => row.cause === cause));
  const at = cursor === undefined ? undefined : columns[cursor];

  function indexOf(event: PointerEvent): number {
    const { left, width } = drawing.current!.getBoundingClientRect();
    const index = Math.floor(((event.clientX - left) / width) * columns.length);
    return Math.min(columns.length - 1, Math.max(0, index));
  }

  function zoom([a, b]: readonly [number, number]): void {
    const [first, last] = [columns[Math.min(a, b)]!, columns[Math.max(a, b)]!];
    setBrush(undefined);
    go({
      since: new Date(first.at).toISOString(),
      until: new Date(last.at + span.step * 1_000).toISOString(),
    });
  }

  function onKeyDown(event: KeyboardEvent): void {
    const steps: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1 };
    const step = steps[event.key];
    if (step !== undefined) {
      event.preventDefault();
      const next = Math.min(columns.length - 1, Math.max(0, (cursor ?? 0) + step));
      setCursor(next);
      if (event.shiftKey) setBrush([brush?.[0] ?? cursor ?? next, next]);
      else setBrush(undefined);
    } else if (event.key === 'Enter' && cursor !== undefined) zoom(brush ?? [cursor, cursor]);
    else if (event.key === 'Escape') setBrush(undefined);
  }

  return (
    <figure class="time-chart">
      <ul class="legend">
        {shown.map((cause) => (
          <li key={cause}>
            <span class={`dot ${causeClass(cause)}`} />
            {causeName(cause)}
          </li>
        ))}
        {failures.some((row) => !isFinal(row)) && (
          <li>
            <span class="dot provisional" />
            first look, may change
          </li>
        )}
      </ul>
      <div class="plot">
        <span class="most">{number(most)}</span>
        <svg
          ref={drawing}
          class="bars"
          viewBox={`0 0 ${columns.length} ${high}`}
          preserveAspectRatio="none"
          role="application"
          aria-label="Failures over time. Arrows move, Shift with arrows selects, Enter looks at what is selected"
          tabindex={0}
          onKeyDown={onKeyDown}
          onPointerDown={(event) => {
            drawing.current!.setPointerCapture(event.pointerId);
            setBrush([indexOf(event), indexOf(event)]);
          }}
          onPointerMove={(event) => {
            setCursor(indexOf(event));
            if (brush !== undefined && event.buttons > 0) setBrush([brush[0], indexOf(event)]);
          }}
          onPointerUp={() => {
            if (brush !== undefined && brush[0] !== brush[1]) zoom(brush);
            else setBrush(undefined);
          }}
          onPointerLeave={() => setCursor(undefined)}
        >
          <defs>
            <pattern id="hatch" width="0.5" height="4" patternUnits="userSpaceOnUse">
              <rect width="0.25" height="4" class="hatch" />
            </pattern>
          </defs>
          {cursor !== undefined && <rect class="cursor" x={cursor} y="0" width="1" height={high} />}
          {columns.map((column, i) => (
            <Bar key={column.at} column={column} at={i} most={most} />
          ))}
          {brush !== undefined && (
            <rect
              class="brush"
              x={Math.min(...brush)}
              y="0"
              width={Math.abs(brush[1] - brush[0]) + 1}
              height={high}
            />
          )}
        </svg>
      </div>
      <Axis span={span} />
      <output class="reading" aria-live="polite">
        {at === undefined ? (
          <span class="faint">Drag to look at a part.</span>
        ) : (
          <>
            <strong title={utc(at.at)}>{time(at.at)}</strong> {number(at.failures)} failed
            {at.requests > 0 && ` of ${number(at.requests)} (${share(at.failures, at.requests)})`}
            {at.parts.map(({ cause, failures: failed }) => (
              <span key={cause}>
                <span class={`dot ${causeClass(cause)}`} />
                {number(failed)} {causeName(cause)}
              </span>
            ))}
          </>
        )}
      </output>
    </figure>
  );
}

function Bar({ column, at, most }: { readonly column: Column; readonly at: number; readonly most: number }) {
  let top = high;
  return (
    <>
      {column.parts.map(({ cause, final, failures }) => {
        const tall = (high * failures) / most;
        top -= tall;
        const box = { x: at + 0.08, y: top, width: 0.84, height: tall };
        return (
          <g key={`${cause}${final}`}>
            <rect class={causeClass(cause)} {...box} />
            {!final && <rect fill="url(#hatch)" {...box} />}
          </g>
        );
      })}
    </>
  );
}

/** Labels of a time axis, from the first column to the end of the last. */
export function Axis({ span }: { readonly span: Span }) {
  const labels = 5;
  const whole = span.to - span.from;
  return (
    <div class="axis">
      {Array.from({ length: labels }, (_, i) => {
        const at = span.from + (whole * i) / (labels - 1);
        return (
          <time key={at} dateTime={new Date(at).toISOString()} title={utc(at)}>
            {tick(at, whole / (labels - 1))}
          </time>
        );
      })}
    </div>
  );
}

function columnsFrom(span: Span, failures: readonly Row[], traffic: readonly Row[]): readonly Column[] {
  const requests = requestsBy(traffic);
  const failed = new Map<string, number>();
  for (const row of failures) {
    const key = partKey(count(row, 'at'), text(row, 'cause'), isFinal(row));
    failed.set(key, (failed.get(key) ?? 0) + count(row, 'failures'));
  }
  return columnsOf(span).map((at) => {
    const parts = causes.flatMap((cause) =>
      [true, false].flatMap((final) => {
        const some = failed.get(partKey(at, cause, final));
        return some === undefined ? [] : [{ cause, final, failures: some }];
      }),
    );
    return {
      at,
      parts,
      failures: parts.reduce((sum, part) => sum + part.failures, 0),
      requests: requests.get(at) ?? 0,
    };
  });
}

function partKey(at: number, cause: string, final: boolean): string {
  return `${at} ${cause} ${final}`;
}

/** Of the kind of log that saw most: each hop logs the same requests. */
function requestsBy(traffic: readonly Row[]): ReadonlyMap<number, number> {
  const source = busiest(traffic);
  return new Map(
    traffic.filter((row) => row.source === source).map((row) => [count(row, 'at'), count(row, 'total')]),
  );
}

/** The kind of log that saw most requests. */
export function busiest(traffic: readonly Row[]): string | undefined {
  const totals = new Map<string, number>();
  for (const row of traffic) {
    const source = text(row, 'source');
    totals.set(source, (totals.get(source) ?? 0) + count(row, 'total'));
  }
  return [...totals].sort(([, a], [, b]) => b - a)[0]?.[0];
}

function isFinal({ final }: Row): boolean {
  return final === true || final === 1 || final === 'true';
}
