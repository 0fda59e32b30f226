import * as E from 'fp-ts/lib/Either.js';
import type { EventLog, RecordedEvent } from '../../event-log/event-log.ts';
import { start } from '../../event-log/event-log.ts';

/** What is on record of everything that was asked of the outside. */
export type OnRecord = {
  readonly events: number;
  /** How often each message stands in the log, by the id without the year in front. */
  readonly messages: ReadonlyMap<string, number>;
  /** The attempts that claim each build of MBS or task of Koji, by its id. */
  readonly moduleBuilds: ReadonlyMap<number, ReadonlyArray<string>>;
  readonly tasks: ReadonlyMap<number, ReadonlyArray<string>>;
  readonly composes: ReadonlyMap<number, ReadonlyArray<string>>;
  /** The builds begun for each trigger of each artifact. */
  readonly answers: ReadonlyMap<string, ReadonlyArray<string>>;
};

const textOf = (value: unknown): string => JSON.stringify(value).replace(/^"|"$/gu, '');

const keyOf = (id: string): string => id.replace(/^\d{4}-/u, '');

const add = <K>(map: Map<K, ReadonlyArray<string>>, key: K, claim: string): void => {
  const known = map.get(key) ?? [];
  if (!known.includes(claim)) map.set(key, [...known, claim]);
};

/** Reads the whole log. */
export const readRecord = async (log: EventLog): Promise<OnRecord> => {
  const messages = new Map<string, number>();
  const moduleBuilds = new Map<number, ReadonlyArray<string>>();
  const tasks = new Map<number, ReadonlyArray<string>>();
  const composes = new Map<number, ReadonlyArray<string>>();
  let events = 0;
  const answers = new Map<string, ReadonlyArray<string>>();
  const look = ({ type, stream, data }: RecordedEvent): void => {
    events += 1;
    if (type === 'BuildStarted') {
      for (const trigger of data['triggers'] as ReadonlyArray<string>) {
        add(answers, `${stream} for ${trigger}`, textOf(data['build']));
      }
    }
    if (type === 'MessageObserved') {
      const key = keyOf(textOf(data['messageId']));
      messages.set(key, (messages.get(key) ?? 0) + 1);
    }
    if (type === 'ComposeSubmitted') add(composes, Number(data['composeId']), stream);
    if (type !== 'BuildSubmitted') return;
    const claims = stream.startsWith('artifact-image:') ? tasks : moduleBuilds;
    const attempt = `${stream} build ${textOf(data['build'])} attempt ${textOf(data['attempt'])}`;
    for (const id of data['externalIds'] as ReadonlyArray<number>) add(claims, id, attempt);
  };
  for (let after = start; ;) {
    const page = await log.readAll(after, {}, 1000)();
    if (E.isLeft(page)) throw new Error(page.left.reason);
    page.right.events.forEach(look);
    after = page.right.upTo;
    if (page.right.atEnd) return { events, messages, moduleBuilds, tasks, composes, answers };
  }
};
