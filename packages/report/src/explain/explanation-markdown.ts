import {
  type ExplainedFailure,
  type Explanation,
  type Mechanism,
  type MechanismId,
  type PageReading,
  redactText,
} from '@why502/model';
import { code, fenced, inert } from '../markdown/inert.ts';
import { sureness } from '../terminal/wording.ts';
import { groupsOf } from './groups.ts';
import { linesOf } from './line-names.ts';
import { looks } from './looks.ts';
import { findInLogs, namesOf, reservations } from './page-fields.ts';
import { productWords } from './product-words.ts';
import { surenessOf } from './sureness-of.ts';
import { words } from './words.ts';

/** Less likely ones do not help. */
const leastConfidence = 0.05;
const mostCandidates = 3;
const mostLooks = 3;

/** What pasted lines mean, to paste into a ticket: nothing in it that comes from a log is acted on by whoever shows it. */
export function explanationMarkdown(
  { failures, page }: Explanation,
  mechanisms: ReadonlyMap<MechanismId, Mechanism>,
): string {
  return [
    ...(page === undefined ? [] : [pageSection(page)]),
    ...groupsOf(failures).map((alike) => section(alike, mechanisms)),
  ].join('\n\n');
}

function pageSection(page: PageReading): string {
  const { maker, carriers, status } = page;
  const by = maker === undefined ? 'nobody that can be told' : productWords[maker.product].name;
  const command = findInLogs(page);
  return [
    `## Page made by ${by}`,
    ...(maker === undefined
      ? []
      : [`${sureness(maker.sureness)} sure, by: ${maker.marks.map((mark) => inert(mark)).join('; ')}.`]),
    ...(status === undefined ? [] : [`Status ${status}.`]),
    ...(carriers.length === 0 ? [] : [`Passed on by: ${namesOf(carriers)}.`]),
    ...reservations(page),
    ...(command === undefined ? [] : [`The same request in the logs:\n\n${fenced([command])}`]),
  ].join('\n\n');
}

function section(
  alike: readonly [ExplainedFailure, ...ExplainedFailure[]],
  mechanisms: ReadonlyMap<MechanismId, Mechanism>,
): string {
  const [failure] = alike;
  const { verdict } = failure;
  const chosen = verdict.mechanism === undefined ? undefined : mechanisms.get(verdict.mechanism);
  const { means, looks: names } = words(failure);
  return [
    `## ${inert(chosen?.title ?? 'Not enough to name a reason')} (${linesOf(alike).toLowerCase()})`,
    ...said(failure),
    means,
    ...(verdict.primary === undefined
      ? []
      : ['This repeats an earlier failure, whose reason is its reason.']),
    ...(chosen === undefined
      ? []
      : [`**Most likely** ${code(chosen.id)}, ${surenessOf(verdict)}. ${chosen.summary}`]),
    ...candidates(failure, mechanisms),
    ...(verdict.remedy.length === 0 ? [] : ['**To do**', verdict.remedy.map(task).join('\n')]),
    ...(names.length === 0 ? [] : ['**Look next**', names.slice(0, mostLooks).map(look).join('\n')]),
  ].join('\n\n');
}

function said({ errors, verdict }: ExplainedFailure): readonly string[] {
  const lines = errors.map(({ message }) => inert(redactText(message)));
  const { method, host, path, peer } = verdict;
  const asked = `${method ?? ''} ${host ?? ''}${path ?? ''}`.trim();
  const where = [
    ...(asked === '' ? [] : [`Asked: ${code(asked)}`]),
    ...(peer === undefined ? [] : [`peer ${code(peer)}`]),
  ];
  return [
    ...(lines.length === 0 ? [] : [fenced(lines)]),
    ...(where.length === 0 ? [] : [`${where.join(', ')}.`]),
  ];
}

function candidates(
  { verdict }: ExplainedFailure,
  mechanisms: ReadonlyMap<MechanismId, Mechanism>,
): readonly string[] {
  const others = verdict.candidates
    .filter(({ confidence }) => confidence >= leastConfidence)
    .slice(0, mostCandidates);
  if (others.length === 0) return [];
  const names = others.map(
    ({ mechanism, confidence }) =>
      `- ${inert(mechanisms.get(mechanism)?.title ?? mechanism)}, ${code(mechanism)}, ${sureness(confidence)}`,
  );
  return [`**${verdict.mechanism === undefined ? 'It may be' : 'Or else'}**`, names.join('\n')];
}

/** Examples are our own text, and stay as they are so that they can be copied. */
function task({ where, change, example }: Mechanism['remedy'][number]): string {
  const line = `- [ ] **${inert(where)}**: ${change}`;
  return example === undefined ? line : `${line}\n\n${fenced(example.split('\n'), '  ')}\n`;
}

function look(name: keyof typeof looks): string {
  const { what, command } = looks[name];
  return `- ${what}\n\n${fenced([command], '  ')}\n`;
}
