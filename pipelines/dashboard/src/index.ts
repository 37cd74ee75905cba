export type { Dashboard } from '@why502/dashboard';
export { openStore } from '@why502/pipeline-store';
export { type DashboardOptions, dashboard } from './dashboard.ts';
