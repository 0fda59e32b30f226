import type { JsonObject } from '../../domain/json.ts';
import type { Model } from '../read-models.ts';

/** One context of the newest commit of a module stream. */
export type ModuleContext = {
  readonly buildId: number;
  readonly version: string;
  readonly components: ReadonlyArray<{ readonly package: string; readonly ref: string }>;
  readonly buildRequires: ReadonlyArray<string>;
};

/** What a module stream holds and needs, in its newest commit. Row id: `name:stream`. */
export type ModuleRow = {
  readonly name: string;
  readonly stream: string;
  readonly version: string;
  readonly commit: string | null;
  readonly contexts: Readonly<Record<string, ModuleContext>>;
  /** `package@ref` of everything in any context. */
  readonly holds: ReadonlyArray<string>;
  /** `name:stream` of what any context was built with. */
  readonly buildRequires: ReadonlyArray<string>;
};

export const holds = (rpm: string, ref: string): string => `${rpm}@${ref}`;

export const moduleIndexModel: Model = {
  name: 'module-index',
  version: 1,
  fields: { name: 'text', stream: 'text', holds: 'texts', buildRequires: 'texts' },
  fieldsOf: (body: JsonObject) => {
    const { name, stream, holds, buildRequires } = body as ModuleRow;
    return { name, stream, holds, buildRequires };
  },
};
