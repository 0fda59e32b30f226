import { randomUUID } from 'node:crypto';
import { specFile } from '../distribution/files.ts';
import { isBranchName, type DistGit, type RepoName } from './dist-git.ts';
import { NOTHING } from './push.ts';
import { gitOutput, runGit } from './run.ts';
import type { Spool } from './spool.ts';

export type Change = RepoName & {
  readonly branch: string;
  /** Path to write; absent means the repository's main file. */
  readonly file?: string;
  /** New text; absent means a small edit of the present one. */
  readonly content?: string;
  readonly message?: string;
  readonly author?: string;
  /** How many commits the push has. */
  readonly commits?: number;
};

export type Pushed = { readonly rev: string; readonly old: string; readonly file: string };

const PATH = /^[A-Za-z0-9+._-]+(\/[A-Za-z0-9+._-]+)*$/;

/** The file that matters in a repository of this namespace. */
export const mainFile = ({ namespace, repo }: RepoName): string => {
  if (namespace === 'modules') return `${repo}.yaml`;
  return namespace === 'rpms' ? `${repo}.spec` : 'Dockerfile';
};

const edited = (file: string, text: string | undefined, repo: string, round: number): string => {
  if (!file.endsWith('.spec')) return `${text ?? ''}# revised ${round}\n`;
  const spec = text ?? specFile(repo, 0);
  return spec.replace(/^(Release:\s+)(\d+)/m, (_all, head: string, release: string) => {
    return `${head}${Number(release) + 1}`;
  });
};

const data = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}\n`;

const commitCommand = (
  change: Change,
  ref: string,
  file: string,
  content: string,
  from: string | undefined,
): string => {
  const author = change.author ?? 'packager';
  const who = `${author} <${author}@sandbox.example> ${Math.floor(Date.now() / 1000)} +0000`;
  const parent = from === undefined ? '' : `from ${from}\n`;
  const message = data(change.message ?? `Update ${file}\n`);
  const text = `commit ${ref}\nmark :1\nauthor ${who}\ncommitter ${who}\n${message}`;
  return `${text}${parent}M 100644 inline ${file}\n${data(content)}\n`;
};

const build = async (
  folder: string,
  change: Change,
  ref: string,
  file: string,
  old: string | undefined,
): Promise<string> => {
  const now =
    old === undefined ? undefined : await runGit(folder, ['cat-file', 'blob', `${old}:${file}`]);
  let text = now?.code === 0 ? now.stdout : undefined;
  const commands: Array<string> = [];
  for (let round = 1; round <= (change.commits ?? 1); round++) {
    text = change.content ?? edited(file, text, change.repo, Date.now() + round);
    commands.push(commitCommand(change, ref, file, text, round === 1 ? old : ':1'));
  }
  const input = `${commands.join('')}get-mark :1\n`;
  return (await gitOutput(folder, ['fast-import', '--quiet', '--force'], input)).trim();
};

const attempt = async (
  distGit: DistGit,
  spool: Spool,
  change: Change,
  file: string,
): Promise<Pushed | undefined> => {
  const folder = distGit.folder(change);
  const before = distGit.head(change, change.branch);
  const start = before ?? distGit.head(change, 'master') ?? distGit.head(change, 'rawhide');
  const ref = `refs/sandbox/${randomUUID()}`;
  const rev = await build(folder, change, ref, file, start);
  const old = before ?? NOTHING;
  const branch = `refs/heads/${change.branch}`;
  const update = `update ${branch} ${rev} ${old}\ndelete ${ref}\n`;
  const { code } = await spool.during(folder, `${old} ${rev} ${branch}`, async () =>
    runGit(folder, ['update-ref', '--stdin'], update),
  );
  return code === 0 ? { rev, old, file } : undefined;
};

const ATTEMPTS = 5;

/** A packager's change: one push to a branch, announced like any other; a text says why it was not made. */
export const pushChange = async (
  distGit: DistGit,
  spool: Spool,
  change: Change,
): Promise<Pushed | string> => {
  const file = change.file ?? mainFile(change);
  if (!isBranchName(change.branch)) return `"${change.branch}" is no name of a branch.`;
  if (!PATH.test(file) || file.includes('..')) return `"${file}" is no path of a file.`;
  if (!distGit.ensure(change)) {
    const { namespace, repo } = change;
    if (namespace === 'modules')
      return `There is no module ${repo}; GET /sandbox/world lists them.`;
    distGit.create(change);
  }
  for (let round = 0; round < ATTEMPTS; round++) {
    const pushed = await attempt(distGit, spool, change, file);
    if (pushed !== undefined) return pushed;
  }
  return `The branch ${change.branch} moved ${ATTEMPTS} times while the change was made; try again.`;
};
