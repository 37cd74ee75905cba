import type { Scenario } from '../scenario.ts';
import { balancerItself } from './balancer-itself.ts';
import { balancerProcesses } from './balancer-processes.ts';
import { balancersAndNginx } from './chain-balancer-nginx.ts';
import { edgesAndBalancers } from './chain-edge-balancer.ts';
import { edgesAndNginx } from './chain-edge-nginx.ts';
import { wholeChains } from './chain-whole.ts';
import { edgeItself } from './edge-itself.ts';
import { edgePaths } from './edge-paths.ts';
import { edgeProcesses } from './edge-processes.ts';
import { twoAtOnce } from './two-at-once.ts';

export const allScenarios: readonly Scenario[] = [
  ...edgeProcesses,
  ...edgePaths,
  ...edgeItself,
  ...balancerProcesses,
  ...balancerItself,
  ...edgesAndNginx,
  ...edgesAndBalancers,
  ...balancersAndNginx,
  ...wholeChains,
  ...twoAtOnce,
];
