import { projectors } from '../../projectors/all.ts';
import { filterOf } from '../../projectors/projector.ts';
import type { ReadModels } from '../../projectors/read-models.ts';
import { noticedMessagesModel, noticeFilter } from '../backend/notice-consumer.ts';
import type { Consumer } from './lag.ts';

/** Everybody who follows the log and keeps a checkpoint: the read models, and the noticing. */
export const consumersOf = (readModels: Pick<ReadModels, 'reader'>): ReadonlyArray<Consumer> => [
  ...projectors.map((projector) => ({
    ...{ name: projector.model.name, filter: filterOf(projector) },
    reader: readModels.reader(projector.model),
  })),
  {
    ...{ name: noticedMessagesModel.name, filter: noticeFilter },
    reader: readModels.reader(noticedMessagesModel),
  },
];
