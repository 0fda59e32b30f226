import * as t from 'io-ts';
import { Count, JsonRecord } from '../../../domain/codec.ts';
import { Name } from '../fields.ts';
import { noFlowYet } from '../no-flow-yet.ts';
import type { Topic } from '../topic.ts';

const ImportCg = t.type(
  { build: t.type({ id: Count, nvr: Name }, 'build'), metadata: JsonRecord },
  'brew.import.cg',
);

/** A content generator (a container build) handed in its result, with the list of its RPMs. */
export const kojiImportCg: Topic = {
  patterns: ['brew.import.cg'],
  translate: noFlowYet(ImportCg, 'import of a container build'),
};
