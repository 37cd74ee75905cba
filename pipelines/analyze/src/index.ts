export { analyze } from './analyze.ts';
export { jsonLinesSink } from './json-lines-sink.ts';
export type { AnalyzeRequest } from './request.ts';
