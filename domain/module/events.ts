import * as t from 'io-ts';
import { Count, textOrNull } from '../codec.ts';

/** One RPM of a module, and the dist-git branch (or hash, or tag) it is built from. */
const Component = t.strict({ package: t.string, ref: t.string }, 'component');

/** What one ready module build holds and was built with. Source: MBS, verbose=true. */
export const ModuleContentsRecorded = t.strict(
  {
    type: t.literal('ModuleContentsRecorded'),
    buildId: Count,
    name: t.string,
    stream: t.string,
    version: t.string,
    context: t.string,
    commit: textOrNull,
    components: t.readonlyArray(Component),
    /** `name:stream` of each build requirement MBS resolved. */
    buildRequires: t.readonlyArray(t.string),
    completedAt: textOrNull,
  },
  'ModuleContentsRecorded',
);
export type ModuleContents = t.TypeOf<typeof ModuleContentsRecorded>;
