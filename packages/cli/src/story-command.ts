import { stat } from 'node:fs/promises';
import type { ExplainFlags } from './flags.ts';
import { ProgressLine } from './progress.ts';
import { colored, print, reportWidth, trace } from './terminal.ts';

/** What `why502 explain ID LOG...` asks for. */
export interface StoryAsked {
  readonly id: string;
  readonly paths: readonly string[];
}

/**
 * Whether the words are an id and logs to look for it in, and no text: the first is one word that has the form of an id,
 * or all others are there to be read.
 */
export async function storyAsked(words: readonly string[]): Promise<StoryAsked | undefined> {
  const [id, ...paths] = words;
  if (id === undefined || paths.length === 0 || paths.some((path) => /\n/.test(path))) return undefined;
  const { isIdShape } = await import('@why502/pipeline-analyze');
  const areThere = await Promise.all(paths.map(isThere));
  const isMeant = isIdShape(id)
    ? paths.every(isPathLike) || areThere.includes(true)
    : !areThere.includes(false);
  return isMeant && !/\s/.test(id) && !(await isThere(id)) ? { id, paths } : undefined;
}

/** No word of a sentence has a slash or a point inside, and patterns have a star. */
function isPathLike(word: string): boolean {
  return /[/*]|\w\.\w/.test(word);
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/**
 * Tells the story of one request out of logs. Resolves to the exit code.
 * @throws Problem where the call is wrong
 */
export async function storyCommand({ id, paths }: StoryAsked, flags: ExplainFlags): Promise<number> {
  const { sourcesOf, problemText, readNginxConf, storyLines, storyMarkdown, storyText, tellStory } =
    await import('@why502/pipeline-analyze');
  const { mechanisms } = await import('@why502/pipeline-explain');
  const progress = new ProgressLine(false);
  const story = await tellStory({
    id,
    sources: await sourcesOf(paths),
    ...(flags.nginxConf === undefined ? {} : { nginxConf: await readNginxConf(flags.nginxConf) }),
    ...(flags.logFormat === undefined ? {} : { logFormat: flags.logFormat }),
    ...(flags.errorLogZone === undefined ? {} : { errorLogZoneMin: flags.errorLogZone }),
    progress: (step) => progress.show(step),
  }).finally(() => progress.clear());
  for (const problem of story.problems) {
    process.stderr.write(`${problemText(problem, { color: colored('auto', process.stderr) })}\n`);
    if (flags.debug === true) process.stderr.write(`${trace(problem)}\n`);
  }
  const options = { color: colored(flags.color, process.stdout), width: reportWidth(), mechanisms };
  if (flags.format === 'json') await print(storyLines(story));
  else if (story.logs.length > 0)
    await print(`${flags.format === 'md' ? storyMarkdown(story, mechanisms) : storyText(story, options)}\n`);
  return story.problems.length > 0 ? 3 : 0;
}
