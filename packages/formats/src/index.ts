export { createNames } from './names.ts';
export { type AccessFormat, textFormat } from './nginx/access.ts';
export { configurationOfText, type NginxConf, readConfiguration } from './nginx/conf/read.ts';
export { errorFormat } from './nginx/error-log.ts';
export { jsonFormat } from './nginx/json-access.ts';
export { unpack } from './packing/unpack.ts';
export { type Paste, type PastedPart, readPasted } from './pasted/pasted.ts';
export { firstInstant, recognise } from './recognise.ts';
export { readRecords } from './records.ts';
