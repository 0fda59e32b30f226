import * as t from 'io-ts';
import { Count, texts, textOrNull } from '../../../domain/codec.ts';

// What is read of the API's answers on images; keys beside these are let through as they came.

const Held = t.type({ image: textOrNull, rpm: t.string }, 'held version');

export const Image = t.type(
  {
    artifact: t.string,
    newest: t.union([
      t.type({ nvr: t.string, parent: textOrNull, completed_at: textOrNull }),
      t.null,
    ]),
    rpms: t.readonlyArray(
      t.type({ first: Held, last: Held, now: t.boolean, package: t.string, source: t.string }),
    ),
  },
  'image',
);
export type Image = t.TypeOf<typeof Image>;

export const ImageBuild = t.type(
  { artifact: t.string, nvr: t.string, parent: t.union([t.type({ nvr: t.string }), t.null]) },
  'image build',
);
export type ImageBuild = t.TypeOf<typeof ImageBuild>;

export const Compose = t.type(
  {
    builds: texts,
    compose_id: t.union([Count, t.null]),
    event_id: Count,
    expires_at: textOrNull,
    repofile: textOrNull,
    state: t.string,
    state_reason: textOrNull,
    used_by: t.readonlyArray(
      t.type({
        ...{ build: Count, attempt: Count, compose_id: Count },
        ...{ artifact: textOrNull, nvr: textOrNull, outcome: textOrNull },
      }),
    ),
  },
  'compose',
);
export type Compose = t.TypeOf<typeof Compose>;
