import { projectors } from '../../projectors/all.ts';
import type { ReadModels } from '../../projectors/read-models.ts';
import { noticedMessagesModel, noticeFilter } from '../backend/notice-consumer.ts';
import type { Consumer } from './lag.ts';

/** Everybody who follows the log and keeps a checkpoint: the read models, and the noticing. */
export const consumersOf = (readModels: Pick<ReadModels, 'reader'>): ReadonlyArray<Consumer> => [
  ...projectors.map(({ model, categories }) => ({
    ...{ name: model.name, filter: { categories } },
    reader: readModels.reader(model),
  })),
  {
    ...{ name: noticedMessagesModel.name, filter: noticeFilter },
    reader: readModels.reader(noticedMessagesModel),
  },
];
