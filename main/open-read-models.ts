import { join } from 'node:path';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { openEmbeddedReadModels } from '../projectors/embedded/open.ts';
import { openMongoReadModels } from '../projectors/mongodb/open.ts';
import type { ReadModels, StoreFailure } from '../projectors/read-models.ts';
import type { Config } from './config/settings.ts';

/** Opens the read models the configuration names; the embedded ones when it names none. */
export const openReadModels = (config: Config): TaskEither<StoreFailure, ReadModels> => {
  const lease = config.writerLease * 1000;
  return config.mongodb === null
    ? openEmbeddedReadModels({ file: join(config.data, 'read-models.db'), lease })
    : openMongoReadModels({ url: config.mongodb, lease });
};
