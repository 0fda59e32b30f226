import * as E from 'fp-ts/lib/Either.js';
import type { EventLog } from '../event-log/event-log.ts';
import { ensureIdentity } from '../event-log/identity.ts';
import type { ReadModels } from '../projectors/read-models.ts';
import type { Config } from './config/settings.ts';
import { codeVersion, newId, now } from './identity.ts';
import { openLog } from './open-log.ts';
import { openReadModels } from './open-read-models.ts';

export type Stores = {
  readonly log: EventLog;
  readonly logId: string;
  readonly readModels: ReadModels;
  readonly close: () => Promise<void>;
};

type Failure = { readonly code: string; readonly reason: string };

/** Opens the log and the read models; left says what could not be opened and what to do. */
export const openStores = async (config: Config): Promise<E.Either<Failure, Stores>> => {
  const opened = await openLog(config)();
  if (E.isLeft(opened)) return opened;
  const log = opened.right;
  const logId = await ensureIdentity(log, { newId, now, actor: 'freshmaker', codeVersion })();
  if (E.isLeft(logId)) {
    await log.close();
    return logId;
  }
  const models = await openReadModels(config)();
  if (E.isLeft(models)) {
    await log.close();
    return models;
  }
  const readModels = models.right;
  const close = async (): Promise<void> => {
    await readModels.close();
    await log.close();
  };
  return E.right({ log, logId: logId.right, readModels, close });
};
