// Fills the parts of README.md that are measured: what the command prints, and how often it is right. With --check it
// writes nothing and fails if they are not fresh. Runs after the accuracy page has been written.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const page = new URL('../README.md', import.meta.url);
const readme = readFileSync(page, 'utf8');
const filled = replace(replace(readme, 'transcript', transcript()), 'figures', figures());

if (!process.argv.includes('--check')) writeFileSync(page, filled);
else if (filled !== readme) {
  console.error('README.md shows what is no longer printed or measured: run npm run docs');
  process.exit(1);
}
console.log('README.md: transcript and figures are fresh');

/** The first command of the page, and its report up to the second incident. */
function transcript() {
  const command = /npm run -s why502 -- (analyze \S+)/.exec(readme)[1];
  const report = execFileSync('node', ['packages/cli/dist/main.js', ...command.split(' ')], {
    cwd: new URL('..', import.meta.url),
    encoding: 'utf8',
  });
  const end = report.indexOf('\n2  ');
  return `\`\`\`text\n$ why502 ${command}\n${report.slice(0, end)}\n[…]\n\`\`\``;
}

/** The short table of the accuracy page. */
function figures() {
  const accuracy = readFileSync(new URL('../docs/accuracy.md', import.meta.url), 'utf8');
  return /^## In short\n\n((?:\|.*\n)+)/m.exec(accuracy)[1].trimEnd();
}

function replace(text, name, part) {
  const [begin, end] = [`<!-- ${name}, by npm run docs -->\n`, `\n<!-- end of ${name} -->`];
  const from = text.indexOf(begin) + begin.length;
  return `${text.slice(0, from)}${part}${text.slice(text.indexOf(end))}`;
}
