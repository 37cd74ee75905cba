export { expand, fileSource, streamSource } from '@why502/flow';
export { isIdShape } from '@why502/formats';
export {
  createMarkdownReport,
  createReport,
  problemText,
  storyLines,
  storyMarkdown,
  storyText,
  summaryLine,
} from '@why502/report';
export { analyze } from './analyze.ts';
export { jsonLinesSink } from './json-lines-sink.ts';
export { readNginxConf } from './nginx-conf.ts';
export type { AnalyzeRequest, Progress } from './request.ts';
export { type StoryRequest, tellStory } from './story/tell-story.ts';
export { titles } from './titles.ts';
