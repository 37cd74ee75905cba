export {
  explanationLines,
  explanationMarkdown,
  explanationText,
  mechanismLine,
  mechanismText,
} from '@why502/report';
export { type ExplainRequest, explain } from './explain.ts';
export { explainPage, type PageRequest } from './explain-page.ts';
export { mechanismNamed, mechanisms } from './mechanism-named.ts';
