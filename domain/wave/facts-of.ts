import type { Json, JsonObject } from '../json.ts';
import { isJsonObject } from '../json.ts';
import type { Noticed, TriggerState } from '../trigger/trigger.ts';
import type { Direct, Edge } from './plan.ts';

const text = (object: JsonObject, key: string): string => {
  const value = object[key];
  return typeof value === 'string' ? value : '';
};

const list = (value: Json | undefined): ReadonlyArray<Json> =>
  Array.isArray(value) ? (value as ReadonlyArray<Json>) : [];

/** The dependents found, from the parts in which the answer was recorded. */
export const edgesOf = (lookups: TriggerState['lookups']): ReadonlyArray<Edge> => {
  const parts = lookups['dependents'];
  return Array.from({ length: typeof parts === 'number' ? parts : 0 }, (_, part) =>
    list(lookups[`dependents/${part}`]),
  )
    .flat()
    .flatMap((pair) => {
      const [on, dependent] = list(pair);
      return typeof on === 'string' && typeof dependent === 'string' ? [{ on, dependent }] : [];
    });
};

const holders = (lookups: TriggerState['lookups'], rpm: string, ref: string) =>
  list(lookups['holders'])
    .filter(isJsonObject)
    .map((held): Direct => {
      const evidence = { holds: `${rpm}@${ref}`, ...held };
      const [name, stream] = [text(held, 'name'), text(held, 'stream')];
      return { name, stream, code: 'contains-changed-branch', evidence };
    });

/** The modules a trigger touches directly, by what was looked up for it. */
export const directOf = (
  { reading }: Noticed,
  lookups: TriggerState['lookups'],
): ReadonlyArray<Direct> => {
  switch (reading.kind) {
    case 'GitRPMSpecChangeEvent':
      return holders(lookups, reading.repo, reading.branch);
    case 'GitModuleMetadataChangeEvent': {
      const { repo, branch, rev } = reading;
      return [{ name: repo, stream: branch, code: 'config-changed', evidence: { rev } }];
    }
    case 'MBSModuleStateChangeEvent': {
      const on = `${reading.name}:${reading.stream}`;
      const evidence = { buildRequires: on, readyBuild: reading.buildId };
      return edgesOf(lookups)
        .filter((edge) => edge.on === on)
        .map(({ dependent }) => {
          const at = dependent.indexOf(':');
          const [name, stream] = [dependent.slice(0, at), dependent.slice(at + 1)];
          return { name, stream, code: 'parent-changed', evidence };
        });
    }
    case 'GitDockerfileChangeEvent':
    case 'BodhiUpdateCompleteStableEvent':
    case 'BrewSignRPMEvent':
      return [];
  }
};

/** The trigger in a few words, for commit messages and people. */
export const becauseOf = ({ reading }: Noticed): string => {
  switch (reading.kind) {
    case 'GitRPMSpecChangeEvent':
      return `${reading.repo} rpm spec update (${reading.rev})`;
    case 'GitModuleMetadataChangeEvent':
      return `${reading.repo} module metadata update (${reading.rev})`;
    case 'MBSModuleStateChangeEvent':
      return `${reading.name} update`;
    case 'GitDockerfileChangeEvent':
      return `${reading.repo} Dockerfile update (${reading.rev})`;
    case 'BodhiUpdateCompleteStableEvent':
      return `${reading.searchKey} shipped stable`;
    case 'BrewSignRPMEvent':
      return `${reading.nvr} was signed`;
  }
};
