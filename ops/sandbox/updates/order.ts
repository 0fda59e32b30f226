import * as E from 'fp-ts/lib/Either.js';
import { RAWHIDE, releaseOf } from '../koji/port.ts';
import { STAGES, type Stage, type Update } from './update.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What POST /sandbox/update asks for. */
export type UpdateOrder = {
  readonly what:
    | {
        readonly type: 'rpm';
        readonly packages: ReadonlyArray<string>;
        /** `version` or `version-release`; undefined means the next release. */
        readonly version: string | undefined;
      }
    | { readonly type: 'module'; readonly name: string; readonly stream: string };
  readonly release: string;
  readonly stage: Stage;
  readonly form: Update['form'];
  readonly kind: string;
  readonly severity: string;
  readonly user: string;
};

const KINDS = ['bugfix', 'security', 'newpackage', 'enhancement'];
const NAME = /^[A-Za-z0-9][A-Za-z0-9+._-]*$/;
const VERSION = /^[A-Za-z0-9+._~^]+(-[A-Za-z0-9+._~^]+)?$/;
const MODULE = /^([A-Za-z0-9][A-Za-z0-9+._-]*):([A-Za-z0-9][A-Za-z0-9+._-]*)$/;

const text = (fields: Fields, key: string, otherwise: string): string => {
  const value = fields[key];
  return typeof value === 'string' && value !== '' ? value : otherwise;
};

/** `f28`, `master`, `rawhide` … → the release's own number. */
const releaseFrom = (fields: Fields): E.Either<string, string> => {
  const given = text(fields, 'release', 'f28');
  if (/^f\d+$/.test(given)) return E.right(given);
  return ['master', 'rawhide', 'main'].includes(given)
    ? E.right(releaseOf(given))
    : E.left(`"release" is f27, f28 … or rawhide, not "${given}".`);
};

const moduleOf = (fields: Fields, release: string): E.Either<string, UpdateOrder['what']> => {
  const [, name, stream] = MODULE.exec(text(fields, 'module', '')) ?? [];
  if (name === undefined || stream === undefined) return E.left('"module" is name:stream.');
  return release === RAWHIDE
    ? E.left('Bodhi ships no modules to Rawhide; name a "release" before it.')
    : E.right({ type: 'module', name, stream });
};

const packagesOf = (fields: Fields): E.Either<string, UpdateOrder['what']> => {
  const given = fields['packages'] ?? fields['package'];
  const packages = (Array.isArray(given) ? given : [given]) as ReadonlyArray<unknown>;
  const named = packages.filter((one) => typeof one === 'string' && NAME.test(one));
  if (named.length === 0 || named.length < packages.length) {
    return E.left('"package" is the name of a source package, "packages" a list of some.');
  }
  const version = fields['version'];
  if (version !== undefined && (typeof version !== 'string' || !VERSION.test(version))) {
    return E.left('"version" is like 1.2 or 1.2-3.');
  }
  return E.right({ type: 'rpm', packages: named as ReadonlyArray<string>, version });
};

/** How far an update shall go, when that is said. */
export const readStage = (fields: Fields): E.Either<string, Stage | undefined> => {
  const given = fields['stage'];
  if (given === undefined) return E.right(undefined);
  const stage = STAGES.find((known) => known === given);
  return stage === undefined ? E.left(`"stage" is one of ${STAGES.join(', ')}.`) : E.right(stage);
};

const wordsOf = (fields: Fields): E.Either<string, Pick<UpdateOrder, 'form' | 'kind'>> => {
  const form = text(fields, 'form', 'new');
  if (form !== 'old' && form !== 'new') return E.left('"form" is "old" or "new".');
  const kind = text(fields, 'type', 'bugfix');
  const kinds = KINDS.join(', ');
  if (kind === 'module') return E.right({ form, kind: 'bugfix' });
  return KINDS.includes(kind) ? E.right({ form, kind }) : E.left(`"type" is one of ${kinds}.`);
};

/** The body of POST /sandbox/update. */
export const readUpdate = (fields: Fields): E.Either<string, UpdateOrder> => {
  const release = releaseFrom(fields);
  if (E.isLeft(release)) return release;
  const what =
    fields['module'] === undefined ? packagesOf(fields) : moduleOf(fields, release.right);
  if (E.isLeft(what)) return what;
  const stage = readStage(fields);
  if (E.isLeft(stage)) return stage;
  const words = wordsOf(fields);
  if (E.isLeft(words)) return words;
  return E.right({
    ...{ what: what.right, release: release.right, stage: stage.right ?? 'stable' },
    ...words.right,
    severity: text(fields, 'severity', 'unspecified'),
    user: text(fields, 'user', 'packager'),
  });
};
