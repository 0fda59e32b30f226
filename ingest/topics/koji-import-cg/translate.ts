import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { Count, JsonRecord } from '../../../domain/codec.ts';
import { Name, readAs } from '../fields.ts';
import type { Topic } from '../topic.ts';

const ImportCg = t.type(
  { build: t.type({ id: Count, nvr: Name }, 'build'), metadata: JsonRecord },
  'brew.import.cg',
);

/** A content generator (a container build) handed in its result: the build is complete. */
export const kojiImportCg: Topic = {
  patterns: ['brew.import.cg'],
  translate: readAs(ImportCg, ({ build: { id: buildId, nvr } }) =>
    E.right({
      ...{ kind: 'KojiBuildComplete', id: `koji-build:${buildId}`, searchKey: nvr, buildId, nvr },
    }),
  ),
};
