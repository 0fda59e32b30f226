import * as E from 'fp-ts/lib/Either.js';
import { problem, type Answer } from '../http/reply.ts';

export type ScmUrl = {
  readonly text: string;
  readonly namespace: string;
  readonly repo: string;
  /** Full or short hash; absent means the branch's head. */
  readonly commit: string | undefined;
};

const ALLOWED = [
  /^(https?|git|ssh):\/\/([^/@]*@)?(127\.0\.0\.1|localhost|\[::1\])(:\d+)?\//,
  /^(file:\/\/)?\//,
  /^(https|git):\/\/(src|pkgs)(\.stg)?\.fedoraproject\.org\//,
];
const FORM = /\/([A-Za-z0-9+._-]+)\/([A-Za-z0-9+._-]+?)(\.git)?\/?(\?)?(#([0-9a-f]{7,40}))?$/;

/** Takes an scmurl apart: one of this dist-git's repositories, or 403 (elsewhere) or 400 (no such form). */
export const readScmUrl = (text: unknown): E.Either<Answer, ScmUrl> => {
  const url = String(text);
  if (!ALLOWED.some((prefix) => prefix.test(url))) {
    return E.left(problem(403, `The submitted scmurl ${url} is not allowed`));
  }
  const [, namespace, repo, , , , commit] = FORM.exec(url) ?? [];
  if (namespace === undefined || repo === undefined) {
    return E.left(problem(400, `The submitted scmurl ${url} is not valid`));
  }
  return E.right({ text: url, namespace, repo, commit });
};
