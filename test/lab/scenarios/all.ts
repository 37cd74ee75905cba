import type { Scenario } from '../scenario.ts';
import { addresses } from './addresses.ts';
import { capacity } from './capacity.ts';
import { crashes } from './crashes.ts';
import { dependencies } from './dependencies.ts';
import { intended } from './intended.ts';
import { limits } from './limits.ts';
import { memory } from './memory.ts';
import { mixed } from './mixed.ts';
import { names } from './names.ts';
import { network } from './network.ts';
import { people } from './people.ts';
import { pooling } from './pooling.ts';
import { processes } from './processes.ts';
import { protocols } from './protocols.ts';
import { queues } from './queues.ts';
import { responses } from './responses.ts';
import { sockets } from './sockets.ts';
import { tls } from './tls.ts';
import { twists } from './twists.ts';

export const allScenarios: readonly Scenario[] = [
  ...addresses,
  ...capacity,
  ...crashes,
  ...dependencies,
  ...intended,
  ...limits,
  ...memory,
  ...mixed,
  ...names,
  ...network,
  ...people,
  ...pooling,
  ...processes,
  ...protocols,
  ...queues,
  ...responses,
  ...sockets,
  ...tls,
  ...twists,
];
