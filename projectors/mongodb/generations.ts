import { ObjectId } from 'mongodb';
import { fieldsOf, generationName, shapeOf } from '../fields.ts';
import type { Model } from '../read-models.ts';
import type { AliasDocument, GenerationDocument } from './documents.ts';
import type { Store } from './store.ts';
import { maxTimeMS } from './store.ts';

/** Unlike any other there ever was. */
export const newMark = (): string => new ObjectId().toHexString();

/** A generation that fits a model, and how its lease stands for one owner. */
export type Candidate = Pick<GenerationDocument, 'session'> & {
  readonly _id: string;
  readonly isTaken: boolean;
  readonly isLive: boolean;
  readonly hasAlias: boolean;
};

/** True of a generation that somebody else writes, by the server's clock. */
export const takenFrom = (owner: string, now: ReturnType<Store['now']>) => ({
  $and: [
    { $ne: ['$owner', null] },
    { $ne: ['$owner', { $literal: owner }] },
    { $gt: ['$leaseUntil', now] },
  ],
});

/**
 * The generation that fits this version and these fields, the live one before others; undefined
 * where there is none yet.
 */
export const findGeneration = async (
  { generations, asking, now }: Store,
  model: Model,
  owner: string,
): Promise<Candidate | undefined> => {
  const { name, version } = model;
  const stages = [
    { $match: { model: name, version, shape: shapeOf(fieldsOf(model)) } },
    { $lookup: { from: 'read_models', localField: 'model', foreignField: '_id', as: 'alias' } },
    { $set: { isLive: { $in: ['$_id', '$alias.active'] } } },
    { $sort: { isLive: -1, number: -1 } },
    { $limit: 1 },
    {
      $project: {
        ...{ session: 1, isLive: 1, isTaken: takenFrom(owner, now()) },
        hasAlias: { $gt: [{ $size: '$alias' }, 0] },
      },
    },
  ];
  const [found] = await asking((session) =>
    generations.aggregate<Candidate>(stages, { session, maxTimeMS }).toArray(),
  );
  return found;
};

/**
 * Makes the first generation that fits a model. Its name follows from the model alone, so that when
 * two processes do so at once, both have made the same one.
 */
export const makeGeneration = async (
  { generations, asking }: Store,
  model: Model,
): Promise<string> => {
  const fields = fieldsOf(model);
  const shape = shapeOf(fields);
  const number = 1;
  const _id = generationName(model, shape, number);
  const made: Omit<GenerationDocument, '_id'> = {
    ...{ model: model.name, version: model.version, shape, fields: [...fields] },
    ...{ number, madeAt: new Date() },
    ...{ owner: null, epoch: 0, leaseUntil: new Date(0), session: null },
    ...{ checkpoint: null, mark: newMark() },
  };
  await asking((session) => {
    const options = { session, maxTimeMS, upsert: true };
    return generations.updateOne({ _id }, { $setOnInsert: made }, options);
  });
  return _id;
};

/** Shows this generation to readers if they have none of its model yet. */
export const showFirst = async (
  { aliases, asking }: Store,
  model: Model,
  generation: string,
): Promise<void> => {
  const first: Omit<AliasDocument, '_id'> = {
    ...{ active: generation, previous: null, switchedAt: new Date() },
    ...{ version: model.version, lived: [generation], mark: newMark() },
  };
  await asking((session) => {
    const options = { session, maxTimeMS, upsert: true };
    return aliases.updateOne({ _id: model.name }, { $setOnInsert: first }, options);
  });
};

/**
 * Switches readers over to this generation if that is due: it goes live once, and never over a newer
 * version. One atomic update. Answers whether it has been live by now, which never changes again.
 */
export const switchTo = async (
  { aliases, asking, now }: Store,
  model: Model,
  generation: string,
): Promise<boolean> => {
  const due = {
    _id: model.name,
    active: { $ne: generation },
    lived: { $ne: generation },
    version: { $lte: model.version },
  };
  const name = { $literal: generation };
  const switched = [
    {
      $set: {
        ...{ active: name, previous: '$active', switchedAt: now() },
        ...{ version: { $literal: model.version }, mark: newMark() },
        lived: { $concatArrays: ['$lived', [name]] },
      },
    },
  ];
  const found = await asking((session) =>
    aliases.findOneAndUpdate(due, switched, { session, maxTimeMS }),
  );
  if (found !== null) return true;
  const lived = { _id: model.name, lived: generation };
  const options = { maxTimeMS, projection: { _id: 1 } };
  return (await asking((session) => aliases.findOne(lived, { session, ...options }))) !== null;
};
