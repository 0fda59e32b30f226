import type { ExecutionContext } from 'ava';
import test from 'ava';
import { openMongoReadModels } from '../../projectors/mongodb/open.ts';
import { mongodbForTests } from '../support/mongod.ts';
import type { StoreUnderTest } from './read-models-suite.ts';
import { must, readsContract } from './read-models-suite.ts';
import { writesContract } from './writes-suite.ts';

const mongodb = mongodbForTests(test);

const store = async (t: ExecutionContext): Promise<StoreUnderTest> => {
  const url = await mongodb.database(t);
  let time = Date.parse('2026-01-01T00:00:00Z');
  return {
    open: async () => {
      const models = await must(openMongoReadModels({ url, now: () => time }));
      t.teardown(() => models.close());
      return models;
    },
    passMilliseconds: (milliseconds) => {
      time += milliseconds;
    },
  };
};

readsContract(mongodb.test, 'mongodb', store);
writesContract(mongodb.test, 'mongodb', store);
