// Prints what explain says about every posted case: node test/dist/accuracy/casebook-table.js, with WHY502_SHARED set.
import { answerTo, postedCases, postedHopCases } from './casebook.ts';

const shared = process.env.WHY502_SHARED;
if (shared === undefined) throw new Error('set WHY502_SHARED to the folder that holds corpus/casebook');
const answers = postedCases(shared).map(
  (posted) => [answerTo(posted, 'all'), answerTo(posted, 'nginx')] as const,
);
for (const only of [0, 1] as const) {
  const of = answers.map((pair) => pair[only]);
  const share = (counts: (one: (typeof of)[number]) => boolean) => `${of.filter(counts).length}/${of.length}`;
  console.log(
    `${only === 0 ? 'all lines' : 'lines of nginx only'}: fair ${share((one) => one.fair)}, mechanism ${share((one) => one.mechanismFair)}, wrong at 0.9 or more ${share((one) => one.wrongAndSure.length > 0)}`,
  );
}
console.log(
  '\n| case | right | said | sure | | with nginx lines only |\n| --- | --- | --- | --- | --- | --- |',
);
for (const [all, nginx] of answers) {
  const mark = all.fair ? (all.mechanismFair ? '' : 'mechanism') : 'WRONG';
  console.log(
    `| ${all.posted.id} | ${all.posted.right.join(', ')} | ${all.said} | ${all.confidence.toFixed(2)} | ${mark} | ${nginx.said} ${nginx.confidence.toFixed(2)} ${nginx.fair ? '' : 'WRONG'} |`,
  );
}

const ofHops = postedHopCases(shared).map((posted) => answerTo(posted, 'all'));
const fair = ofHops.filter((one) => one.fair).length;
const sure = ofHops.filter((one) => one.wrongAndSure.length > 0).length;
console.log(`\nload balancers and Cloudflare: fair ${fair}/${ofHops.length}, wrong at 0.9 or more ${sure}`);
console.log('\n| case | right | said | sure | |\n| --- | --- | --- | --- | --- |');
for (const { posted, said, confidence, fair, mechanismFair } of ofHops) {
  const mark = fair ? (mechanismFair ? '' : 'mechanism') : 'WRONG';
  console.log(`| ${posted.id} | ${posted.right.join(', ')} | ${said} | ${confidence.toFixed(2)} | ${mark} |`);
}
