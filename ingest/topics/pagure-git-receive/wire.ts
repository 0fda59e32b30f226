import * as t from 'io-ts';
import { JsonRecord } from '../../../domain/codec.ts';
import { maybe, Name } from '../fields.ts';

/** One push. `changed_files` came in January 2024; `parent` is the forked project of a fork. */
export const PagureGitReceive = t.type(
  {
    branch: Name,
    end_commit: Name,
    old_commit: maybe(Name),
    changed_files: maybe(JsonRecord),
    repo: t.type(
      { name: Name, namespace: maybe(Name), fullname: Name, parent: maybe(JsonRecord) },
      'repo',
    ),
  },
  'pagure.git.receive',
);
export type PagurePush = t.TypeOf<typeof PagureGitReceive>;
