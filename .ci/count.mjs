// Reads vitest's JSON report: shows what failed and what was skipped against the rules, and counts it all.
import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';

const [report, vitestStatus, passedChecks, failedChecks] = process.argv.slice(2);

const withoutOtherNode = process.env.WHY502_OTHER_NODE === undefined;
const withoutSharedData = process.env.WHY502_SHARED === undefined;
/** Root may read everything. */
const asRoot = process.getuid() === 0;

/** Tests that may be skipped by a part of their full name, and whether they may here. */
const mayBeSkipped = [
  ['(needs WHY502_SHARED)', withoutSharedData],
  ['needs one in WHY502_OTHER_NODE', withoutOtherNode],
  ['fileSource says who is kept out when it may not be read', asRoot],
  ['cases no-permission', asRoot],
  // Its name says what is not here.
  ['a play with a real nginx (needs', true],
];

let passed = Number(passedChecks);
let failed = Number(failedChecks);
let failedTests = 0;

function fail(name, message) {
  failed++;
  failedTests++;
  console.log(`\nFAILED ${name}\n${message}`);
}

const files = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')).testResults : [];
for (const { name, status, message, assertionResults } of files) {
  const file = relative('.', name);
  if (status === 'failed' && assertionResults.length === 0) fail(file, message);
  for (const { fullName, status: outcome, failureMessages } of assertionResults) {
    if (outcome === 'passed') passed++;
    else if (outcome === 'failed') fail(`${file}: ${fullName}`, failureMessages.join('\n'));
    else if (mayBeSkipped.some(([part, here]) => here && fullName.includes(part)))
      console.log(`skipped ${file}: ${fullName}`);
    else fail(`${file}: ${fullName}`, `${outcome}, which .ci/count.mjs does not allow here`);
  }
}
if (files.length === 0) fail('tests', 'no report of any test');
else if (vitestStatus !== '0' && failedTests === 0)
  fail('tests', 'vitest failed outside of any test, see above');

console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
