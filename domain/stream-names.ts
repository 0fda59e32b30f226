/**
 * Names of streams: `<category>-<id>`. Ids are derived, so that hearing twice of one thing addresses
 * one stream, and readable, because auditors read them. A rehearsal's categories begin with `dry_`.
 */
export type Realm = 'real' | 'rehearsal';

const category = (realm: Realm, name: string): string => (realm === 'real' ? name : `dry_${name}`);

/** Everything but letters, digits and `._:/@+~^` is percent-encoded; a long id is cut nowhere. */
const safe = (id: string): string =>
  id.replace(/[^A-Za-z0-9._:/@+~^-]/gu, (character) => encodeURIComponent(character));

export const messageStream = (realm: Realm, id: string): string =>
  `${category(realm, 'message')}-${safe(id)}`;
export const branchStream = (
  realm: Realm,
  namespace: string,
  repo: string,
  branch: string,
): string => `${category(realm, 'branch')}-${safe(`${namespace}/${repo}@${branch}`)}`;
export const triggerStream = (realm: Realm, id: string): string =>
  `${category(realm, 'trigger')}-${safe(id)}`;
export const artifactStream = (realm: Realm, artifact: string): string =>
  `${category(realm, 'artifact')}-${safe(artifact)}`;
export const moduleContentsStream = (nsvc: string): string => `module-${safe(nsvc)}`;
export const triggerNumbers = 'number-trigger';
export const buildNumbers = 'number-build';

export const moduleArtifact = (name: string, stream: string): string => `module:${name}:${stream}`;

export const categoryOf = (stream: string): string => stream.split('-', 1)[0] ?? stream;
export const realmOf = (stream: string): Realm =>
  stream.startsWith('dry_') ? 'rehearsal' : 'real';
