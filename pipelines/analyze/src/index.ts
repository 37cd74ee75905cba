export { fileSource, streamSource } from '@why502/flow';
export { isIdShape } from '@why502/formats';
export {
  createHtmlReport,
  createMarkdownReport,
  createReport,
  problemText,
  storyLines,
  storyMarkdown,
  storyText,
  summaryLine,
} from '@why502/report';
export { analyze } from './analyze.ts';
export { type Discovery, discover } from './discovery.ts';
export { FormatChoice, type FormatHint } from './format-choice.ts';
export { jsonLinesSink } from './json-lines-sink.ts';
export { type Found, findLog, isBesideRequests, type Log } from './log.ts';
export { readNginxConf } from './nginx-conf.ts';
export type { AnalyzeRequest, Progress } from './request.ts';
export { readInstead } from './same-traffic.ts';
export {
  type ReadTo,
  Session,
  type SessionInput,
  type SessionOptions,
  type SessionResumption,
} from './session.ts';
export { isOwnServer, sourcesOf } from './sources.ts';
export { type StoryRequest, tellStory } from './story/tell-story.ts';
export { Tally } from './tally.ts';
export { titles } from './titles.ts';
export { type Zone, zonesOf } from './zone.ts';
