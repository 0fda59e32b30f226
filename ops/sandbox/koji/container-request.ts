import * as E from 'fp-ts/lib/Either.js';
import { isStruct, plainText, type Struct, type Value } from './value.ts';

/** A task's request, read as its builder reads it. */
export type ContainerRequest = {
  readonly source: string;
  readonly target: string;
  readonly branch: string;
  readonly release: string | null;
  readonly parent: string | null;
  readonly scratch: boolean;
  readonly arches: ReadonlyArray<string> | null;
  readonly composeIds: ReadonlyArray<number>;
  readonly repoUrls: ReadonlyArray<string>;
};

type Check = (value: Value) => boolean;

const isText: Check = (value) => value === null || typeof value === 'string';
const isBoolean: Check = (value) => typeof value === 'boolean';
const listOf =
  (type: 'number' | 'string'): Check =>
  (value) =>
    value === null || (Array.isArray(value) && value.every((one) => typeof one === type));

/** Options that the builder knows. Source: koji-containerbuild, its schema of task options. */
const OPTIONS: Readonly<Record<string, Check>> = {
  ...{ scratch: isBoolean, isolated: isBoolean, flatpak: isBoolean, skip_build: isBoolean },
  ...{ git_branch: isText, release: isText, arch_override: isText, koji_parent_build: isText },
  ...{ signing_intent: isText, operator_csv_modifications_url: isText },
  ...{ yum_repourls: listOf('string'), compose_ids: listOf('number') },
  ...{
    dependency_replacements: listOf('string'),
    userdata: (value) => value === null || isStruct(value),
  },
};

const wrongOption = (opts: Struct): string | undefined => {
  for (const [name, value] of Object.entries(opts)) {
    const check = OPTIONS[name];
    if (check === undefined) {
      return `Additional properties are not allowed ('${name}' was unexpected)`;
    }
    if (!check(value)) return `${JSON.stringify(value)} is not valid for the option '${name}'`;
  }
  return undefined;
};

const contradiction = (opts: Struct): string | undefined => {
  if (opts['scratch'] === true && opts['isolated'] === true) {
    return 'Build cannot be both isolated and scratch';
  }
  if (opts['compose_ids'] != null && opts['signing_intent'] != null) {
    return 'signing_intent used with compose_ids';
  }
  if (opts['isolated'] === true && !/^\d+\.\d+(\..+)?$/.test(plainText(opts['release']))) {
    return 'Release must be specified for isolated builds: N.M or N.M.text';
  }
  return undefined;
};

const texts = (value: Value | undefined): ReadonlyArray<string> =>
  Array.isArray(value) ? value.map(String) : [];

const textOrNull = (value: Value | undefined): string | null =>
  typeof value === 'string' && value !== '' ? value : null;

/** Name and branch by which rules of misbehaviour mean the image of a request. */
export const subjectOf = (
  request: ReadonlyArray<Value>,
): { readonly name: string; readonly stream: string } => {
  const [source, , opts] = request;
  const place = repositoryOf(typeof source === 'string' ? source : '');
  const branch = isStruct(opts) ? opts['git_branch'] : undefined;
  return { name: place?.repo ?? '', stream: typeof branch === 'string' ? branch : '' };
};

const SOURCE =
  /^(?:git|git\+https?|git\+ssh|https?|file)(?::\/\/).*?([^/]+)\/([^/?#]+?)(?:\.git)?\/?(?:\?[^#]*)?#(.+)$/;

/** Namespace, name and commit of `git://host/container/NAME#<hash>` in any of its forms. */
export const repositoryOf = (
  source: string,
): { readonly namespace: string; readonly repo: string; readonly commit: string } | undefined => {
  const [, namespace, repo, commit] = SOURCE.exec(source) ?? [];
  if (namespace === undefined || repo === undefined || commit === undefined) return undefined;
  return { namespace, repo, commit };
};

/** Reads the request of a buildContainer task; a text says why the task fails. */
export const readContainerRequest = (
  request: ReadonlyArray<Value>,
): E.Either<string, ContainerRequest> => {
  const [source, target, given] = request;
  const opts = isStruct(given) ? given : {};
  if (typeof source !== 'string') return E.left('Source is not a string');
  if (typeof target !== 'string') return E.left('Target is not a string');
  const wrong = wrongOption(opts) ?? contradiction(opts);
  if (wrong !== undefined) return E.left(wrong);
  const branch = textOrNull(opts['git_branch']);
  if (branch === null) return E.left('Git branch must be specified');
  const arches = textOrNull(opts['arch_override'])?.split(/[ ,]+/) ?? null;
  return E.right({
    ...{ source, target, branch, arches, scratch: opts['scratch'] === true },
    ...{ release: textOrNull(opts['release']), parent: textOrNull(opts['koji_parent_build']) },
    composeIds: texts(opts['compose_ids']).map(Number),
    repoUrls: texts(opts['yum_repourls']),
  });
};
