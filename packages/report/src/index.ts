export { diagnosisLine } from './doctor/diagnosis-line.ts';
export { diagnosisText } from './doctor/diagnosis-text.ts';
export { explanationLines } from './explain/explanation-lines.ts';
export { type ExplanationOptions, explanationText } from './explain/explanation-text.ts';
export { mechanismLine } from './explain/mechanism-line.ts';
export { mechanismText } from './explain/mechanism-text.ts';
export { resultLine, summaryLine } from './json/json-lines.ts';
export { problemText } from './terminal/problem-text.ts';
export { createReport, type Report, type ReportOptions } from './terminal/report.ts';
