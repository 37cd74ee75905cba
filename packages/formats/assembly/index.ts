// AssemblyScript, the part of TypeScript that compiles to WebAssembly (https://www.assemblyscript.org): `npm run assembly`
// makes src/ordinary/program.ts of it.
//
// Reads ordinary lines, many at a call and sixteen bytes at a time. A line that is not plainly one that it knows ends the
// call, and is read in the ways of the package, which are slower and sure; where both can read a line they agree.

export { albPlan, albPlanLength, scanAlb } from './alb';
export { scanCloudflare } from './cloudflare';
export { learnKey, strangeKey, strangeKeyLength } from './keys';
export { nginxPlan, nginxPlanLength, scanNginx } from './nginx';
export {
  at,
  connect,
  duration,
  hasFailed,
  hosts,
  identity,
  lineFrom,
  lineTo,
  mostRows,
  peers,
  places,
  read,
  routes,
  services,
  status,
  text,
  textRoom,
} from './rows';
export { lead, literalFrom, literalRoom, literals, mostFields, table } from './walk';
