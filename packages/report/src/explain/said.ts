import { type ErrorRecord, type ExplainedFailure, redactText } from '@why502/model';
import type { Paragraph } from '../terminal/page.ts';
import { span } from '../terminal/span.ts';
import { period } from '../terminal/wording.ts';

type Field = readonly [label: string, paragraphs: readonly Paragraph[]];

/** What was read: the proxy's own words, when, and about which request. */
export function said(failure: ExplainedFailure): readonly Field[] {
  const { verdict, errors, request, assumedAction, dated, statusOnly } = failure;
  if (statusOnly) return [];
  return [
    [
      failure.sighting === undefined ? speaker(errors) : 'it says',
      errors.map(({ message }) => [span(redactText(message))]),
    ],
    [
      '',
      assumedAction === undefined
        ? []
        : [[span(`(taken to be while ${assumedAction}: the line does not say)`, 'faint')]],
    ],
    ['asked', asked(failure)],
    ['went to', wentTo(errors, verdict.peer)],
    ['answer', request === undefined ? [] : [[span(`status ${request.status}${took(request.duration)}`)]]],
    ['when', dated ? [[span(whenText(failure))]] : []],
  ];
}

/** Fits beside the text: labels are short. */
function speaker(errors: readonly ErrorRecord[]): string {
  return errors.every(({ row }) => row.source === 'nginx_error') ? 'nginx says' : 'it says';
}

/** An error line tells the method in the request only, which a verdict has from access lines. */
function asked({ verdict, errors }: ExplainedFailure): readonly Paragraph[] {
  const { host, path } = verdict;
  const method = verdict.method ?? /^[A-Z]{3,10}(?= )/.exec(errors[0]?.requestLine ?? '')?.[0];
  const text = [method === undefined ? undefined : redactText(method), `${host ?? ''}${path ?? ''}`]
    .filter((part) => part !== undefined && part !== '')
    .join(' ');
  return text === '' ? [] : [[span(text)]];
}

function wentTo(errors: readonly ErrorRecord[], peer: string | undefined): readonly Paragraph[] {
  if (peer === undefined) return [];
  const scheme = errors.findLast((line) => line.scheme !== undefined)?.scheme;
  return [[span(scheme === undefined ? peer : `${scheme}://${peer}`)]];
}

function took(duration: number | undefined): string {
  return duration === undefined ? '' : ` after ${duration} ms`;
}

/** An error log of nginx writes local time without a zone; the others tell it. */
function whenText({ verdict: { time }, request, errors }: ExplainedFailure): string {
  const text = period(time, time);
  const isLocal = request === undefined && errors.every(({ zoneOffsetMin }) => zoneOffsetMin === undefined);
  return isLocal ? text.replace(/ UTC$/, ', local time of the host') : text;
}
