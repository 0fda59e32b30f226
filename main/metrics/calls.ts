import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';
import {
  absentBodhi,
  absentGit,
  absentKoji,
  absentMbs,
  absentOdcs,
} from '../backend/absent-clients.ts';
import type { Clients } from '../backend/clients.ts';
import { monotonic } from '../identity.ts';
import type { Called } from './observed.ts';
import { observed } from './observed.ts';

/** What only this process can count: its calls outside, and itself. */
export type Counted = {
  readonly called: Called;
  /** Exposition of Prometheus. */
  readonly text: () => Promise<string>;
};

const buckets = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 180];

/** Counts from now on. One per process: a few of Node's own figures are watched, too. */
export const countHere = (): Counted => {
  const register = new Registry();
  const registers = [register];
  collectDefaultMetrics({ register, eventLoopMonitoringPrecision: 50 });
  const calls = new Counter({
    ...{ name: 'freshmaker_calls_total', registers },
    help: 'Calls of services outside by what came of them: answered, or the code of the failure.',
    labelNames: ['service', 'operation', 'outcome'],
  });
  const latency = new Histogram({
    ...{ name: 'freshmaker_call_seconds', registers, buckets },
    help: 'How long calls of services outside took, their turn in the queue included.',
    labelNames: ['service', 'operation'],
  });
  return {
    called: ({ service, operation, outcome, seconds }) => {
      calls.inc({ service, operation, outcome });
      latency.observe({ service, operation }, seconds);
    },
    text: () => register.metrics(),
  };
};

const absent: ReadonlySet<unknown> = new Set([
  ...[absentMbs, absentGit, absentKoji, absentOdcs, absentBodhi],
]);

/** The same clients, whose calls are counted; of a service that is not configured nothing is. */
export const countedClients = (
  { mbs, distGit, koji, odcs, bodhi }: Clients,
  called: Called,
): Clients => {
  const watch = <Port extends object>(service: string, port: Port): Port =>
    absent.has(port) ? port : observed(service, port, called, monotonic);
  return {
    mbs: watch('mbs', mbs),
    distGit: watch('dist-git', distGit),
    koji: watch('koji', koji),
    odcs: watch('odcs', odcs),
    bodhi: watch('bodhi', bodhi),
  };
};
