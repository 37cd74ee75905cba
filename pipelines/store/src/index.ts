export { questions } from '@why502/clickhouse';
export { rowsCsv, rowsLines, rowsMarkdown, rowsText } from '@why502/report';
export { type OpenStore, openStore, type StoreOptions } from './open-store.ts';
export { type Query, query, queryPanel, querySql } from './query.ts';
