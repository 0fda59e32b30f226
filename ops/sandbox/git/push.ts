import { basename, dirname } from 'node:path';
import { gitOutput, runGit } from './run.ts';

/** One branch moved by one push. */
export type Push = {
  readonly namespace: string;
  readonly repo: string;
  readonly branch: string;
  readonly oldRev: string;
  readonly newRev: string;
  readonly agent: string;
  readonly commits: ReadonlyArray<PushedCommit>;
  /** Path → A, M or D over the whole push. */
  readonly changedFiles: Readonly<Record<string, string>>;
};

export type PushedCommit = {
  readonly rev: string;
  readonly name: string;
  readonly email: string;
  readonly message: string;
  readonly files: Readonly<
    Record<
      string,
      { readonly additions: number; readonly deletions: number; readonly lines: number }
    >
  >;
};

export const NOTHING = '0'.repeat(40);

/** `<data>/git/<namespace>/<repo>.git` → its names. */
export const namesOf = (folder: string): { readonly namespace: string; readonly repo: string } => ({
  namespace: basename(dirname(folder)),
  repo: basename(folder).replace(/\.git$/, ''),
});

const FORMAT = '--format=%x01%H%x02%an%x02%ae%x02%B%x02';

const fileLine = (
  line: string,
): ReadonlyArray<readonly [string, PushedCommit['files'][string]]> => {
  const [added = '', deleted = '', path] = line.split('\t');
  if (path === undefined) return [];
  const additions = Number(added) || 0; // "-" for binary files
  const deletions = Number(deleted) || 0;
  return [[path, { additions, deletions, lines: additions + deletions }]];
};

const commit = (text: string): PushedCommit => {
  const [rev = '', name = '', email = '', message = '', files = ''] = text.split('\x02');
  return {
    rev,
    name,
    email,
    message,
    files: Object.fromEntries(files.split('\n').flatMap(fileLine)),
  };
};

const commitsOf = async (
  folder: string,
  branch: string,
  oldRev: string,
  newRev: string,
): Promise<ReadonlyArray<PushedCommit>> => {
  const range =
    oldRev === NOTHING
      ? [newRev, '--not', `--exclude=${branch}`, '--branches']
      : [newRev, `^${oldRev}`];
  const args = ['log', '--reverse', '--no-renames', '--numstat', FORMAT, ...range];
  const log = await gitOutput(folder, args);
  return log
    .split('\x01')
    .filter((text) => text.trim() !== '')
    .map(commit);
};

const changedFiles = async (
  folder: string,
  oldRev: string,
  newRev: string,
): Promise<Readonly<Record<string, string>>> => {
  if (oldRev === NOTHING) return {};
  const args = ['diff', '--name-status', '--no-renames', oldRev, newRev];
  const lines = (await gitOutput(folder, args)).split('\n').filter((line) => line !== '');
  return Object.fromEntries(
    lines.map((line) => {
      const [letter = 'M', path = ''] = line.split('\t');
      return [path, letter];
    }),
  );
};

/** What one line of a push note stands for; undefined when the branch never got there, or went away. */
export const readPush = async (
  folder: string,
  line: string,
  user: string,
): Promise<Push | undefined> => {
  const [oldRev = '', newRev = '', ref = ''] = line.split(' ');
  const branch = ref.replace(/^refs\/heads\//, '');
  if (branch === ref || newRev === NOTHING) return undefined;
  const { code } = await runGit(folder, ['merge-base', '--is-ancestor', newRev, ref]);
  if (code !== 0) return undefined;
  const commits = await commitsOf(folder, branch, oldRev, newRev);
  const agent = user === '' ? (commits.at(-1)?.email.split('@')[0] ?? 'unknown') : user;
  const files = await changedFiles(folder, oldRev, newRev);
  return { ...namesOf(folder), branch, oldRev, newRev, agent, commits, changedFiles: files };
};
