export { resultLine, summaryLine } from './json/json-lines.ts';
export { problemText } from './terminal/problem-text.ts';
export { createReport, type Report, type ReportOptions } from './terminal/report.ts';
