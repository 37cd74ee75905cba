import { Inbox, servePush } from '@why502/flow';
import { FormatChoice, type FormatHint } from '@why502/pipeline-analyze';
import type { Checkpoint } from './checkpoint.ts';
import { sweep } from './sweep.ts';

export interface PushesOptions extends FormatHint {
  readonly host: string;
  /** 0 for one that is free. */
  readonly port: number;
  /** Whoever pushes shows it. */
  readonly secret: string;
  /** What is pushed waits here until it was read; to be followed like any other. */
  readonly folder: string;
  /** Bytes that may wait. Default: 1 GiB. */
  readonly most?: number;
}

export interface Pushes {
  readonly port: number;
  /** Takes away what was read, by a checkpoint that is kept: no restart will want it again. */
  sweep(checkpoint: Pick<Checkpoint, 'following'>): void;
  close(): Promise<void>;
}

/** Logs that are pushed over HTTP, as Logpush does, become files of a folder. @throws Problem W502_LISTEN, W502_FORMAT_BAD */
export async function receivePushes(options: PushesOptions): Promise<Pushes> {
  const { host, port, secret, folder, most = 1 << 30, ...hint } = options;
  const choice = new FormatChoice(hint);
  const inbox = new Inbox(folder, { most });
  const server = await servePush({
    host,
    port,
    secret,
    inbox,
    isLog: (head) => choice.of(head) !== undefined,
  });
  return {
    port: server.port,
    sweep: (checkpoint) => sweep(inbox, checkpoint),
    close: () => server.close(),
  };
}
