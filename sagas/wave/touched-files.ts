import * as E from 'fp-ts/lib/Either.js';
import type { PushReading } from '../../domain/trigger/reading.ts';
import type { Noticed } from '../../domain/trigger/trigger.ts';
import type { WaveDeps } from './deps.ts';
import type { Step } from './tell.ts';
import { tell } from './tell.ts';

/** Where a push is in dist-git, and the file that must be among what it changed. */
const whatMatters = (reading: PushReading): readonly [namespace: string, file: string] => {
  switch (reading.kind) {
    case 'GitRPMSpecChangeEvent':
      return ['rpms', `${reading.repo}.spec`];
    case 'GitModuleMetadataChangeEvent':
      return ['modules', `${reading.repo}.yaml`];
    case 'GitDockerfileChangeEvent':
      return [reading.namespace, 'Dockerfile'];
  }
};

/** A push whose message lists no files: dist-git is asked which changed. */
export const touchedFiles = async (deps: WaveDeps, stream: string, noticed: Noticed): Step => {
  const { reading } = noticed;
  const answered = (answer: boolean): Step =>
    tell(deps, stream, noticed, {
      type: 'RecordLookups',
      lookups: [{ question: 'touches-its-file', answer, asOf: '' }],
    });
  if (!('filesKnown' in reading) || noticed.rehearsal) return answered(true);
  const { repo, oldRev, rev } = reading;
  const [namespace, file] = whatMatters(reading);
  const files = await deps.distGit.changedFiles(namespace, repo, oldRev, rev)();
  return E.isLeft(files) ? files : answered(files.right.includes(file));
};
