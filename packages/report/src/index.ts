export { resultLine, summaryLine } from './json/json-lines.ts';
