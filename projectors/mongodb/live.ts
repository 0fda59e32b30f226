import { pipe } from 'fp-ts/lib/function.js';
import type { Fields, Generation } from '../fields.ts';
import type { AliasDocument, GenerationDocument } from './documents.ts';
import type { Store } from './store.ts';
import { atOneMoment, maxTimeMS } from './store.ts';

/** Which generations readers see, and a mark that is another after every commit and every switch. */
type View = {
  readonly stamp: string;
  readonly generations: ReadonlyMap<string, Generation>;
};

export type Live = {
  /** Looks, and answers with the stamp of what was seen. */
  readonly stamp: () => Promise<string>;
  /** The generation of a model as it was at the newest stamp, or later; undefined before the first. */
  readonly generation: (model: string) => Promise<Generation | undefined>;
  /** The next question looks again. */
  readonly forget: () => void;
};

/** For how long a reader may go on with the generation it found, in milliseconds. */
const longest = 1000;

type Found = Pick<AliasDocument, '_id' | 'mark'> & {
  readonly live: ReadonlyArray<Pick<GenerationDocument, '_id' | 'fields' | 'mark'>>;
};

const stages = [
  { $lookup: { from: 'generations', localField: 'active', foreignField: '_id', as: 'live' } },
  { $project: { mark: 1, 'live._id': 1, 'live.fields': 1, 'live.mark': 1 } },
  { $sort: { _id: 1 } },
];

const viewOf = (found: ReadonlyArray<Found>): View => ({
  stamp: found
    .map(({ _id, mark, live }) => [_id, mark, ...live.map((one) => one.mark)].join(' '))
    .join('\n'),
  generations: new Map(
    found.flatMap(({ _id: model, live }) =>
      live.map(({ _id: name, fields }): [string, Generation] => [
        model,
        { name, fields: new Map(fields) satisfies Fields },
      ]),
    ),
  ),
});

const readView = ({ aliases, asking }: Store): Promise<View> =>
  asking(async (session) => {
    const options = { session, maxTimeMS, readConcern: atOneMoment };
    return pipe(await aliases.aggregate<Found>(stages, options).toArray(), viewOf);
  });

/**
 * Asks one question at a time: those who come while one is under way share the next, which begins
 * after they came, so that nobody is told less than what was committed before.
 */
const sharing = <A>(ask: () => Promise<A>): (() => Promise<A>) => {
  let underWay: Promise<unknown> | undefined;
  let next: Promise<A> | undefined;
  const begin = (): Promise<A> => {
    const asked = ask().finally(() => {
      if (underWay === asked) underWay = undefined;
    });
    underWay = asked;
    return asked;
  };
  return () => {
    if (underWay === undefined) return begin();
    next ??= underWay
      .catch(() => undefined)
      .then(() => {
        next = undefined;
        return begin();
      });
    return next;
  };
};

/** Knows of one store which generations are live, no longer than a second without looking again. */
export const liveIn = (store: Store): Live => {
  let newest: View | undefined;
  let until = 0;
  const look = sharing(async () => {
    const begun = performance.now();
    newest = await readView(store);
    until = begun + longest;
    return newest;
  });
  return {
    stamp: async () => (await look()).stamp,
    generation: async (model) => {
      const known = performance.now() < until ? newest?.generations.get(model) : undefined;
      return known ?? (await look()).generations.get(model);
    },
    forget: () => {
      until = 0;
    },
  };
};
