import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { composesModel } from '../../projectors/composes/row.ts';
import { dueWork } from '../../projectors/open-work/ask.ts';
import { openWorkModel } from '../../projectors/open-work/row.ts';
import type { Model } from '../../projectors/read-models.ts';
import type { OpenStreams, ReconcileDeps } from '../../sagas/reconcile/deps.ts';
import type { IndexFailure } from '../../sagas/open-work.ts';
import type { Stores } from '../open-stores.ts';
import { noticedMessagesModel } from './notice-consumer.ts';

/** Milliseconds: between two looks, and without any progress before an index counts as behind. */
const look = 100;
const patience = 10_000;

const pageSize = 1000;
/** Later than any time on record. */
const ever = '9999';

type Pause = ReconcileDeps['pause'];
type Read<A> = Promise<E.Either<IndexFailure, A>>;

const behind = ({ name }: Model): IndexFailure => ({
  code: 'index-behind',
  reason: `The read model ${name} is behind the log and does not move on: run freshmaker backend (or serve) beside this.`,
});

/** Waits until a model has taken in everything up to now; left where it stands still before that. */
const reach = async (
  { log, readModels }: Stores,
  model: Model,
  pause: Pause,
  signal: AbortSignal,
): Read<void> => {
  const head = await log.head()();
  if (E.isLeft(head)) return head;
  let [seen, idle] = ['', 0];
  while (!signal.aborted && idle < patience) {
    const checkpoint = await readModels.reader(model).checkpoint()();
    if (E.isLeft(checkpoint)) return checkpoint;
    const position = checkpoint.right?.position ?? '';
    if (position >= head.right) return E.right(undefined);
    idle = position === seen ? idle + look : 0;
    seen = position;
    await pause(look, signal);
  }
  return E.left(behind(model));
};

/**
 * Streams with open work, once what came in was noticed and the index tells of it. Failures of an
 * index that stands still are told instead of an answer that may lack what matters.
 */
export const openStreamsOf =
  (stores: Stores, pause: Pause): OpenStreams =>
  async (saga, signal) => {
    for (const model of [noticedMessagesModel, openWorkModel, composesModel]) {
      const reached = await reach(stores, model, pause, signal);
      if (E.isLeft(reached)) return reached;
    }
    const due = dueWork(stores.readModels.reader(openWorkModel));
    const streams: Array<string> = [];
    for (let offset = 0; ; offset += pageSize) {
      const page = await due(saga, ever, { offset, limit: pageSize })();
      if (E.isLeft(page)) return page;
      streams.push(...page.right);
      if (page.right.length < pageSize) return E.right([...new Set(streams)]);
    }
  };

/** Whether a compose of ODCS ever was one of ours. */
export const isKnownComposeOf =
  ({ readModels }: Stores): ReconcileDeps['isKnownCompose'] =>
  (composeId) =>
    TE.map((rows: number) => rows > 0)(
      readModels.reader(composesModel).count([{ field: 'composeIds', in: [composeId] }]),
    );
