import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';

export type GitObject = { readonly id: string; readonly bytes: Buffer };
export type FirstCommit = { readonly commit: string; readonly objects: ReadonlyArray<GitObject> };
type Kind = 'blob' | 'tree' | 'commit';

const object = (kind: Kind, content: Buffer): GitObject => {
  const bytes = Buffer.concat([Buffer.from(`${kind} ${content.length}\0`), content]);
  return { id: createHash('sha1').update(bytes).digest('hex'), bytes };
};

const byName = ([a]: readonly [string, string], [b]: readonly [string, string]): number =>
  Buffer.compare(Buffer.from(a), Buffer.from(b));

/**
 * A commit without parents that holds these top-level files. Its hash depends on nothing else, so it
 * is known before the repository exists. `seconds` is Unix time.
 */
export const firstCommit = (
  files: Readonly<Record<string, string>>,
  seconds: number,
): FirstCommit => {
  const blobs = Object.entries(files)
    .toSorted(byName)
    .map(([path, text]) => ({ path, blob: object('blob', Buffer.from(text)) }));
  const entries = blobs.flatMap(({ path, blob }) => [
    Buffer.from(`100644 ${path}\0`),
    Buffer.from(blob.id, 'hex'),
  ]);
  const tree = object('tree', Buffer.concat(entries));
  const who = `Sandbox Packager <packager@sandbox.example> ${seconds} +0000`;
  const text = `tree ${tree.id}\nauthor ${who}\ncommitter ${who}\n\nInitial import\n`;
  const commit = object('commit', Buffer.from(text));
  return { commit: commit.id, objects: [...blobs.map(({ blob }) => blob), tree, commit] };
};

const CONFIG = [
  '[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true',
  '\thooksPath = ../../../hooks\n[http]\n\treceivepack = true\n[gc]\n\tauto = 0',
  '[receive]\n\tautogc = false\n\tdenyNonFastForwards = true\n\tdenyDeletes = true\n',
].join('\n');

const writeObject = (folder: string, { id, bytes }: GitObject): void => {
  const home = join(folder, 'objects', id.slice(0, 2));
  const file = join(home, id.slice(2));
  if (existsSync(file)) return;
  mkdirSync(home, { recursive: true });
  writeFileSync(file, deflateSync(bytes));
};

/** Writes a bare repository with these branches, without starting git. HEAD is written last. */
export const writeRepository = (
  folder: string,
  branches: ReadonlyMap<string, FirstCommit>,
): void => {
  mkdirSync(join(folder, 'refs', 'heads'), { recursive: true });
  mkdirSync(join(folder, 'refs', 'tags'), { recursive: true });
  mkdirSync(join(folder, 'objects'), { recursive: true });
  writeFileSync(join(folder, 'config'), CONFIG);
  for (const [branch, { commit, objects }] of branches) {
    for (const one of objects) writeObject(folder, one);
    writeFileSync(join(folder, 'refs', 'heads', branch), `${commit}\n`);
  }
  const [first = 'master'] = branches.keys();
  const head = branches.has('master') ? 'master' : first;
  writeFileSync(join(folder, 'HEAD'), `ref: refs/heads/${head}\n`);
};
