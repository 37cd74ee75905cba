/** What a panel is asked. */
export interface PanelRequest {
  /** As the user wrote them: times, or so long ago. Default: all that is stored. */
  readonly since?: string;
  readonly until?: string;
  /** Conditions on failures, `column=value`; panels that know no failures leave them aside. */
  readonly where: readonly string[];
  /** Arguments of the panel. */
  readonly values: Readonly<Record<string, string>>;
}

export type PanelRow = Readonly<Record<string, unknown>>;

/** What is known of a mechanism, for its name. */
export interface MechanismName {
  readonly title: string;
  readonly cause: string;
}

/** Where a dashboard has its answers from. */
export interface DashboardSource {
  /** The store, as its user knows it. */
  readonly place: string;
  readonly mechanisms: Readonly<Record<string, MechanismName>>;
  readonly panels: ReadonlySet<string>;
  /** @throws Problem */
  panel(name: string, request: PanelRequest): Promise<readonly PanelRow[]>;
  /** Says something whenever what is stored has changed, the store went or came back, until the signal ends it. */
  changes(signal: AbortSignal): AsyncIterable<string>;
}
