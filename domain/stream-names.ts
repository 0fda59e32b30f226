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
export const imageContentsStream = (nvr: string): string => `image-${safe(nvr)}`;
export const composeStream = (realm: Realm, trigger: string): string =>
  `${category(realm, 'compose')}-${safe(trigger)}`;
/** Where what was fetched from datagrepper is noted: what a rehearsal has fetched covers nothing else. */
export const catchUpStream = (realm: Realm): string => `${category(realm, 'catchup')}-datagrepper`;
/** What is known of the signatures of one Koji build. */
export const signingStream = (buildId: number): string => `signing-${buildId}`;
export const triggerNumbers = 'number-trigger';
export const buildNumbers = 'number-build';

export const moduleArtifact = (name: string, stream: string): string => `module:${name}:${stream}`;
export const imageArtifact = (name: string, branch: string): string => `image:${name}:${branch}`;
/** What a claim waits for that waits for the compose of a trigger. */
export const composeOf = (trigger: string): string => `compose:${trigger}`;
export const isCompose = (id: string): boolean => id.startsWith('compose:');

export type ArtifactKind = 'module' | 'image';
/** The parts of an artifact's id: `module:<name>:<stream>`, `image:<name>:<branch>`. */
export const artifactParts = (
  id: string,
): { readonly kind: ArtifactKind; readonly name: string; readonly branch: string } => {
  const [kind, name = '', ...branch] = id.split(':');
  return { kind: kind === 'image' ? 'image' : 'module', name, branch: branch.join(':') };
};

/** The stream of what a claim may wait for: an artifact, or a compose. */
export const waitStream = (realm: Realm, id: string): string =>
  isCompose(id) ? composeStream(realm, id.slice('compose:'.length)) : artifactStream(realm, id);

export const categoryOf = (stream: string): string => stream.split('-', 1)[0] ?? stream;
export const realmOf = (stream: string): Realm =>
  stream.startsWith('dry_') ? 'rehearsal' : 'real';
