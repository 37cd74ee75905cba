// Proves that every optional platform build named in package-lock.json is locked, since npm ci refuses a lock without it.
import { readFileSync } from 'node:fs';

const locked = JSON.parse(readFileSync('package-lock.json', 'utf8')).packages;
const missing = Object.entries(locked).flatMap(([path, entry]) =>
  Object.keys(entry.optionalDependencies ?? {})
    .filter(
      (name) => !locked[`${path}/node_modules/${name}`]?.version && !locked[`node_modules/${name}`]?.version,
    )
    .map((name) => `${path} needs ${name}`),
);
if (missing.length > 0) {
  console.error(`package-lock.json is incomplete, npm ci would fail:\n${missing.join('\n')}`);
  process.exit(1);
}
console.log('package-lock.json: every optional build is locked');
