import { visible } from '@why502/model';

/** Letters of one value that are shown. */
const longest = 160;

/**
 * What GitHub, GitLab, Slack or Jira would act on: code spans, mentions, links, images, HTML, entities, tables, macros. Inside a
 * code span Jira and Slack act on some of it all the same.
 */
const active = /[`<>@&#|[\]{}!]|(?<=:)\/\//g;

/** Text that stays text in every one of them: what is active is percent-encoded, as in a URL, where most of it comes from. */
export function inert(text: string): string {
  const cut = text.length > longest ? `${text.slice(0, longest)}…` : text;
  return visible(cut).replace(active, percentEncoded);
}

/** A value of a log as a code span. */
export function code(value: string): string {
  const text = inert(value).trim();
  return text === '' ? '(empty)' : `\`${text}\``;
}

/** Lines between fences that nothing in them closes. */
export function fenced(lines: readonly string[], indent = ''): string {
  const runs = lines.join('\n').match(/`+/g) ?? [];
  const fence = '`'.repeat(Math.max(3, ...runs.map((run) => run.length + 1)));
  return [`${fence}text`, ...lines, fence].map((line) => indent + line).join('\n');
}

function percentEncoded(letters: string): string {
  return [...letters].map((letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`).join('');
}
