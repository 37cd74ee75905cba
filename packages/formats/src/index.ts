export { healthChecks } from './alb/health-log.ts';
export { objectKey } from './alb/object-key.ts';
export { albFieldsFor, albSubset } from './alb/subset.ts';
export { askedIds, isIdShape } from './asked-ids.ts';
export { batchStart } from './cloudflare/batch-name.ts';
export { edgeFieldsFor, edgeSubset } from './cloudflare/subset.ts';
export { createNames } from './names.ts';
export { type AccessFormat, textFormat } from './nginx/access.ts';
export {
  advised,
  advisedAddition,
  advisedFormat,
  chainAddition,
  combined,
  loggedBy,
  variableOf,
} from './nginx/advised.ts';
export { configurationOfText, type NginxConf, readConfiguration } from './nginx/conf/read.ts';
export { errorFormat } from './nginx/error-log.ts';
export { jsonFormat } from './nginx/json-access.ts';
export { unpack } from './packing/unpack.ts';
export { readPage } from './pages/read-page.ts';
export { type Paste, type PastedPart, readPasted } from './pasted/pasted.ts';
export { firstInstant, kindredLog, lacksColumnNames, recognise } from './recognise.ts';
export { readRecords } from './records.ts';
