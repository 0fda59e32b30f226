import type { ExecutionContext } from 'ava';
import { hearingOf } from '../../main/hearing.ts';
import { countHere } from '../../main/metrics/calls.ts';
import { metricsOf } from '../../main/metrics/metrics.ts';
import { openStores } from '../../main/open-stores.ts';
import { loadConfig } from '../../main/config/load-config.ts';
import { aFolder } from './ingest-world.ts';
import { must } from './service.ts';

const parts = ['_bucket', '_sum', '_count'];

/** The names of all series that /metrics of a process gives. */
export const metricNames = async (t: ExecutionContext): Promise<ReadonlySet<string>> => {
  const config = must(loadConfig({}, { data: aFolder(t) }));
  const stores = must(await openStores(config));
  t.teardown(() => stores.close());
  const own = { version: '0', faults: () => [], heartbeats: () => [] };
  const hearing = hearingOf(config);
  const counted = countHere();
  const text = await metricsOf({ stores, own, hearing, counted, clock: Date.now })();
  const types = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gmu)];
  return new Set(
    types.flatMap(([, name = '', type]) =>
      type === 'histogram' ? parts.map((part) => name + part) : [name],
    ),
  );
};

const ofPromql = new Set([
  ...['sum', 'max', 'min', 'count', 'rate', 'increase', 'absent', 'topk', 'histogram_quantile'],
  ...['time', 'by', 'up'],
]);

/** The metrics that an expression of PromQL names. */
export const metricsIn = (expression: string): ReadonlyArray<string> => {
  const bare = expression
    .replace(/\{[^}]*\}/gu, '')
    .replace(/\[[^\]]*\]/gu, '')
    .replace(/\bby \([^)]*\)/gu, '');
  const words = [...bare.matchAll(/[a-z_]\w*/giu)].map(([word]) => word);
  return words.filter((word) => !ofPromql.has(word));
};
