import type { Candidate, ExplainedFailure, Mechanism, MechanismId, WeighedEvidence } from '@why502/model';
import type { Paragraph } from '../terminal/page.ts';
import { toDo } from '../terminal/remedies.ts';
import { span } from '../terminal/span.ts';
import { sureness } from '../terminal/wording.ts';
import { surenessOf } from './sureness-of.ts';

type Field = readonly [label: string, paragraphs: readonly Paragraph[]];
type Mechanisms = ReadonlyMap<MechanismId, Mechanism>;

const mostEvidence = 3;
const mostCandidates = 3;

/** Less likely ones do not help. */
const leastConfidence = 0.05;

/** Facts that say how little is known: they weigh, and are no news. */
const noNews: ReadonlySet<string> = new Set(['lone_line', 'peer_unlogged', 'repeatable']);

/** The likeliest reason, what speaks for it, what else it may be and how to tell, and what to do. */
export function answer(
  { verdict, lines }: Pick<ExplainedFailure, 'verdict' | 'lines'>,
  mechanisms: Mechanisms,
): readonly Field[] {
  const { mechanism: id, primary, candidates } = verdict;
  const chosen = id === undefined ? undefined : mechanisms.get(id);
  if (primary !== undefined) {
    const place = verdict.evidence.find(({ fact }) => fact === 'effect')?.row?.line;
    const of =
      place === undefined || place === lines[0]?.first
        ? 'an earlier failure'
        : `the failure of line ${place}`;
    return [
      [
        'so',
        [
          [
            span(
              `This repeats ${of}, whose reason is its reason${chosen === undefined ? '' : `: ${chosen.title}`}.`,
              'strong',
            ),
          ],
        ],
      ],
    ];
  }
  const others = candidates
    .filter(({ confidence }) => confidence >= leastConfidence)
    .slice(0, mostCandidates);
  return [
    ['most likely', likeliest(chosen, verdict)],
    ['since', since(verdict.evidence, chosen)],
    [
      chosen === undefined ? 'it may be' : 'or else',
      others.flatMap((other) => orElse(other, chosen, mechanisms)),
    ],
    ['to do', toDo(verdict.remedy)],
    ['mended when', chosen === undefined || verdict.remedy.length === 0 ? [] : [[span(chosen.success)]]],
  ];
}

function likeliest(
  chosen: Mechanism | undefined,
  verdict: ExplainedFailure['verdict'],
): readonly Paragraph[] {
  const { decision, cause } = verdict;
  if (chosen === undefined) {
    return [[span('This does not say enough to name a reason.', 'strong')]];
  }
  const doubt = decision === 'ambiguous' ? ', others nearly as likely' : '';
  return [
    [
      span(chosen.title, 'strong'),
      span(`[${chosen.id}, ${cause}]`, 'faint'),
      span(`${surenessOf(verdict)}${doubt}`),
    ],
    [span(chosen.summary)],
  ];
}

function since(evidence: readonly WeighedEvidence[], chosen: Mechanism | undefined): readonly Paragraph[] {
  if (chosen === undefined) return [];
  return evidence
    .filter(({ weight, fact }) => weight > 0 && !noNews.has(fact))
    .slice(0, mostEvidence)
    .map(({ text }) => [span(text)]);
}

function orElse(
  { mechanism: id, confidence }: Candidate,
  chosen: Mechanism | undefined,
  mechanisms: Mechanisms,
): readonly Paragraph[] {
  const other = mechanisms.get(id);
  const tell = tellApart(id, chosen, other);
  return [
    [span(other?.title ?? id), span(`[${id}]`, 'faint'), span(sureness(confidence))],
    ...(tell === undefined ? [] : [[span(`that is it, if ${tell}`, 'faint')]]),
  ];
}

/** What the chosen one says about the other, or the other way round. */
function tellApart(
  id: MechanismId,
  chosen: Mechanism | undefined,
  other: Mechanism | undefined,
): string | undefined {
  const told = chosen?.mistakenFor.find((one) => one.id === id)?.tell;
  if (told !== undefined) return told;
  const reversed = other?.mistakenFor.find((one) => one.id === chosen?.id)?.tell;
  return reversed === undefined ? undefined : `not: ${reversed}`;
}
