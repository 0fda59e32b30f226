import * as E from 'fp-ts/lib/Either.js';
import { figuresModel } from '../../projectors/figures/row.ts';
import { sourcesModel } from '../../projectors/sources/row.ts';
import type { Hearing } from '../hearing.ts';
import type { Stores } from '../open-stores.ts';
import { answeredWithin } from '../../query-api/answered-within.ts';
import type { Counted } from './calls.ts';
import { consumersOf } from './consumers.ts';
import type { Family } from './exposition.ts';
import { exposition } from './exposition.ts';
import type { Lag } from './lag.ts';
import { lagFamilies, lagsOf } from './lag.ts';
import type { Own } from './own-families.ts';
import { ownFamilies } from './own-families.ts';
import { sourceFamilies } from './source-families.ts';
import { totalFamilies } from './totals.ts';

export type MetricsDeps = {
  readonly stores: Pick<Stores, 'log' | 'readModels'>;
  readonly own: Own;
  readonly hearing: Pick<Hearing, 'transports' | 'silentSince'>;
  readonly counted: Pick<Counted, 'text'>;
  /** Unix time in milliseconds. */
  readonly clock: () => number;
  /** Milliseconds a store may take to answer before it counts as down; default 1,000. */
  readonly patience?: number;
};

type Asked = E.Either<unknown, ReadonlyArray<Family>>;

const upFamily = (answers: Readonly<Record<string, ReadonlyArray<Asked>>>): Family => ({
  ...{ name: 'freshmaker_up', type: 'gauge' },
  help: '1 while a store can be read from this process.',
  samples: Object.entries(answers).map(([store, asked]) => ({
    labels: { store },
    value: asked.every(E.isRight) ? 1 : 0,
  })),
});

const found = (asked: Asked): ReadonlyArray<Family> => (E.isRight(asked) ? asked.right : []);

/**
 * All metrics as text for Prometheus. Never fails: of a store that does not answer in time
 * `freshmaker_up` says so, and everything else is told.
 */
export const metricsOf = (deps: MetricsDeps): (() => Promise<string>) => {
  const { own, hearing, counted, clock, patience = 1000 } = deps;
  const { log, readModels } = deps.stores;
  const figures = readModels.reader(figuresModel);
  const sources = readModels.reader(sourcesModel);
  const lags = lagsOf(log, consumersOf(readModels));
  const askLag = answeredWithin(patience, async () =>
    E.map((all: ReadonlyArray<Lag>) => lagFamilies(all, clock()))(await lags()),
  );
  const askHead = answeredWithin(patience, async () => E.map(() => [])(await log.head()()));
  const askTotals = answeredWithin(patience, () => totalFamilies(figures));
  const askSources = answeredWithin(patience, () => sourceFamilies(sources, hearing));
  return async () => {
    const [head, lag, totals, heard, here] = await Promise.all([
      ...[askHead(), askLag(), askTotals(), askSources()],
      counted.text(),
    ] as const);
    const families = [
      upFamily({ log: [head], 'read-models': [totals, heard] }),
      ...ownFamilies(own),
      ...[lag, totals, heard].flatMap(found),
    ];
    return `${exposition(families)}\n${here}`;
  };
};
