import * as E from 'fp-ts/lib/Either.js';
import type { DistGit } from '../git/dist-git.ts';
import { runGit } from '../git/run.ts';
import { problem, type Answer } from '../http/reply.ts';
import { readModulemd, type ModuleFile } from './modulemd.ts';
import type { Order } from './order.ts';

/** What MBS finds in a module's repository at one commit. */
export type Source = {
  readonly file: ModuleFile;
  readonly commit: string;
  /** The committer's time. */
  readonly committed: Date;
};

const BATCH_HEAD = /^([0-9a-f]{40}) (commit|blob) \d+$/;

const parseBatch = (
  output: string,
): { readonly commit: string; readonly seconds: number; readonly file: string } | string => {
  const [head = '', ...rest] = output.split('\n');
  const [, commit, kind] = BATCH_HEAD.exec(head) ?? [];
  if (commit === undefined || kind !== 'commit') return 'commit';
  const seconds = /^committer .* (\d+) [+-]\d{4}$/m.exec(rest.join('\n'))?.[1];
  const at = rest.findIndex((line) => BATCH_HEAD.test(line) && line.includes(' blob '));
  if (at < 0) return 'file';
  return { commit, seconds: Number(seconds), file: rest.slice(at + 1).join('\n') };
};

const clone = (url: string, repo: string): string =>
  `Failed on ['git', 'clone', '-q', '--no-checkout', '${url}', '(temporary directory)/${repo}'], ` +
  "retcode 128, out b'', err b'fatal: remote error: access denied or repository not exported\\n'";

const checkout = (commit: string): string =>
  `Failed on ['git', 'checkout', '-q', '${commit}'], retcode 1, out b'', ` +
  `err b"error: pathspec '${commit}' did not match any file(s) known to git\\n"`;

/** Reads `<repo>.yaml` at the commit that was submitted; 422 where a real clone would have failed. */
export const readSource = async (
  distGit: DistGit,
  order: Order,
): Promise<E.Either<Answer, Source>> => {
  const { scmurl, branch } = order;
  const { repo } = scmurl;
  if (!distGit.ensure(scmurl)) {
    return E.left(problem(422, clone(scmurl.text.replace(/\?.*$/, ''), repo)));
  }
  const commit = scmurl.commit ?? distGit.head(scmurl, branch) ?? branch;
  const asked = `${commit}\n${commit}:${repo}.yaml\n`;
  const { stdout } = await runGit(distGit.folder(scmurl), ['cat-file', '--batch'], asked);
  const found = parseBatch(stdout);
  if (found === 'commit') return E.left(problem(422, checkout(commit)));
  if (typeof found === 'string') {
    const message = `get_module_yaml: SCM repository doesn't seem to contain a module metadata file. Couldn't access: ${repo}.yaml`;
    return E.left(problem(422, message));
  }
  const file = readModulemd(found.file);
  if (E.isLeft(file)) {
    return E.left(problem(422, `The modulemd ${repo}.yaml is invalid: ${file.left}`));
  }
  const committed = new Date(found.seconds * 1000);
  return E.right({ file: file.right, commit: found.commit, committed });
};
