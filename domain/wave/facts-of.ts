import type { Json } from '../json.ts';
import { isJsonObject } from '../json.ts';
import { imageArtifact, moduleArtifact } from '../stream-names.ts';
import type { Noticed, TriggerState } from '../trigger/trigger.ts';
import { imagesAffected } from './image-facts.ts';
import { childrenOf, list, partsOf, text } from './lookups.ts';
import type { Direct, Edge } from './facts.ts';

const moduleOf = (nameStream: string): string => `module:${nameStream}`;

/** The dependents found, from the parts in which the answer was recorded. */
export const edgesOf = (lookups: TriggerState['lookups']): ReadonlyArray<Edge> => [
  ...partsOf(lookups, 'dependents').flatMap((pair) => {
    const [on, dependent] = list(pair);
    return typeof on === 'string' && typeof dependent === 'string'
      ? [{ on: moduleOf(on), dependent: moduleOf(dependent) }]
      : [];
  }),
  ...childrenOf(lookups),
];

const aModule = (
  name: string,
  stream: string,
  code: string,
  evidence: Direct['evidence'],
): Direct => ({
  ...{ artifact: moduleArtifact(name, stream), kind: 'module', name, branch: stream },
  ...{ code, evidence },
});

const holders = (lookups: TriggerState['lookups'], rpm: string, ref: string) =>
  list(lookups['holders'])
    .filter((held: Json) => isJsonObject(held))
    .map((held): Direct => {
      const evidence = { holds: `${rpm}@${ref}`, ...held };
      return aModule(text(held, 'name'), text(held, 'stream'), 'contains-changed-branch', evidence);
    });

const readyModule = (lookups: TriggerState['lookups'], on: string, readyBuild: number) =>
  edgesOf(lookups)
    .filter((edge) => edge.on === moduleOf(on))
    .map(({ dependent }): Direct => {
      const [, name = '', ...stream] = dependent.split(':');
      return aModule(name, stream.join(':'), 'parent-changed', { buildRequires: on, readyBuild });
    });

/** The artifacts a trigger touches directly, or might, by what was looked up for it. */
export const directOf = (
  { reading }: Noticed,
  lookups: TriggerState['lookups'],
): ReadonlyArray<Direct> => {
  switch (reading.kind) {
    case 'GitRPMSpecChangeEvent':
      return holders(lookups, reading.repo, reading.branch);
    case 'GitModuleMetadataChangeEvent':
      return [aModule(reading.repo, reading.branch, 'config-changed', { rev: reading.rev })];
    case 'MBSModuleStateChangeEvent':
      return readyModule(lookups, `${reading.name}:${reading.stream}`, reading.buildId);
    case 'GitDockerfileChangeEvent': {
      const { repo: name, branch, rev } = reading;
      const artifact = imageArtifact(name, branch);
      const evidence = { rev };
      return [{ artifact, kind: 'image', name, branch, code: 'config-changed', evidence }];
    }
    case 'BodhiUpdateCompleteStableEvent':
    case 'BrewSignRPMEvent':
      return imagesAffected(lookups);
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
