import type { Story } from '@why502/model';
import { jsonLine, resultLine } from '../json/json-lines.ts';
import { storyObject } from '../json/story-object.ts';

/** The story and its verdicts as lines of JSON, each with a line break at the end. */
export function storyLines(story: Story): string {
  const verdicts = story.verdicts.map((verdict) => resultLine({ kind: 'verdict', verdict }));
  return [jsonLine(storyObject(story)), ...verdicts].map((line) => `${line}\n`).join('');
}
