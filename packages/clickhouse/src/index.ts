export { type Asking, ask } from './ask.ts';
export { type Answer, Connection, type ConnectionOptions, type ServerAddress } from './connection.ts';
export { migrate, schemaOf, schemaVersion } from './migrations.ts';
export { conditionColumns, panels, type Question, questions } from './question.ts';
export { type ClickHouseSinkOptions, clickhouseSink } from './sink.ts';
export type { TableOptions } from './table.ts';
export { rollUpAll } from './traffic-rollup.ts';
