import * as t from 'io-ts';
import { JsonRecord } from '../../../domain/codec.ts';
import { maybe, Name } from '../fields.ts';

/** One commit of a push. `additions` was `insertions` until 2014; namespace and stats may lack. */
export const GitReceive = t.type(
  {
    commit: t.type(
      {
        branch: Name,
        rev: Name,
        repo: maybe(Name),
        namespace: maybe(Name),
        path: maybe(t.string),
        message: maybe(t.string),
        stats: maybe(t.type({ files: maybe(JsonRecord) }, 'stats')),
      },
      'commit',
    ),
  },
  'git.receive',
);
export type Commit = t.TypeOf<typeof GitReceive>['commit'];
