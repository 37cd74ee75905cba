export { type Dashboard, type ServeOptions, serveDashboard } from './serve.ts';
export type { DashboardSource, MechanismName, PanelRequest, PanelRow } from './source.ts';
