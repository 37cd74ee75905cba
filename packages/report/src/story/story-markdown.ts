import type { Mechanism, MechanismId, Story, Verdict } from '@why502/model';
import { surenessOf } from '../explain/sureness-of.ts';
import { code, inert } from '../markdown/inert.ts';
import { counted, period, placed } from '../terminal/wording.ts';
import { saying, whose } from './row-words.ts';
import { absence, askedFor, madeBy, silentLogs, timeOfDay, whatWouldShow } from './story-words.ts';
import { visitorSide } from './visitor-side.ts';

const mostLogs = 12;

/** The story of one request, to paste into a ticket. */
export function storyMarkdown(story: Story, mechanisms: ReadonlyMap<MechanismId, Mechanism>): string {
  const { rows, verdicts, untold } = story;
  return [
    `## ${inert(askedFor(story))}`,
    ...(rows.length === 0 ? unseen(story) : [table(story)]),
    ...(untold > 0 ? [`And ${counted(untold, 'more row')}: many requests share this id.`] : []),
    ...verdicts.map((verdict) => why(verdict, mechanisms)),
    ...searched(story),
  ].join('\n\n');
}

function table({ rows }: Story): string {
  return [
    '| time (UTC) | hop | what it saw | where |',
    '| --- | --- | --- | --- |',
    ...rows.map((row) =>
      [
        '',
        timeOfDay(row.at),
        inert(whose(row)),
        inert(saying(row).join('; ')),
        code(placed(row.record.row)),
        '',
      ]
        .join(' | ')
        .trim(),
    ),
  ].join('\n');
}

function why(verdict: Verdict, mechanisms: ReadonlyMap<MechanismId, Mechanism>): string {
  const chosen = verdict.mechanism === undefined ? undefined : mechanisms.get(verdict.mechanism);
  return [
    `### ${verdict.status ?? 'It failed'}: ${inert(chosen?.title ?? 'not enough to name a reason')}`,
    `Made by ${inert(madeBy(verdict))}.`,
    ...(chosen === undefined
      ? []
      : [`**Most likely** ${code(chosen.id)}, ${surenessOf(verdict)}. ${chosen.summary}`]),
    verdict.evidence
      .filter(({ weight }) => weight > 0)
      .slice(0, 3)
      .map(({ text }) => `- ${inert(text)}`)
      .join('\n'),
    ...(verdict.remedy.length === 0
      ? []
      : [verdict.remedy.map(({ where, change }) => `- [ ] **${inert(where)}**: ${change}`).join('\n')]),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function unseen(story: Story): readonly string[] {
  return [
    `No row of these logs holds this id. ${absence(story)}`,
    ...(whatWouldShow(story).length === 0
      ? []
      : [
          '**Would show it**',
          whatWouldShow(story)
            .map((text) => `- ${inert(text)}`)
            .join('\n'),
        ]),
    '**If no hop saw it, it was lost on the side of the visitor**',
    visitorSide.map(({ what, try: hint }) => `- ${inert(what)}. Try: ${inert(hint)}`).join('\n'),
  ];
}

function searched(story: Story): readonly string[] {
  const without = silentLogs(story);
  if (without.length === 0) return [];
  const lines = without.slice(0, mostLogs).map(({ file, from, to, holdsSuchIds }) => {
    const time = from === undefined || to === undefined ? 'without a time' : period(from, to);
    return `- ${code(file)}: ${time}${holdsSuchIds ? '' : '; holds no such ids'}`;
  });
  return ['**Logs in which it is not**', lines.join('\n')];
}
