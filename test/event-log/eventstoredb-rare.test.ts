import test from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import type { EventLog } from '../../event-log/event-log.ts';
import { seal } from '../../event-log/seal.ts';
import { lagsOf } from '../../main/metrics/lag.ts';
import { scene } from './a-scene.ts';
import { anEvent, begun, right } from './an-event.ts';

/** An event of a rare category with many others before it, and some after. */
const aLongLog = async (log: EventLog): Promise<void> => {
  for (let index = 0; index < 12; index += 1) {
    const stream = `common-${index}`;
    const many = Array.from({ length: 1000 }, () => anEvent());
    await right(log.append(stream, 'no-stream', seal(stream, undefined, many)));
    if (index === 10) {
      const rare = `rare-${index}`;
      await right(log.append(rare, 'no-stream', begun(rare)));
    }
  }
};

test('a page of rare events ends where much was looked at, and the next goes on there', async (t) => {
  const { log } = await scene(t);
  await aLongLog(log);
  const head = await right(log.head());
  const filter = { categories: ['rare'] };
  const found: Array<string> = [];
  const pages: Array<number> = [];
  let after = '';
  for (let atEnd = false; !atEnd;) {
    const page = await right(log.readAll(after, filter, 1000));
    t.true(page.upTo > after);
    t.not(await right(log.at(page.upTo)), undefined);
    found.push(...page.events.map(({ stream }) => stream));
    pages.push(page.events.length);
    ({ upTo: after, atEnd } = page);
  }
  t.deepEqual(pages, [0, 1]);
  t.deepEqual(found, ['rare-10']);
  t.is(after, head);

  const reader = { checkpoint: () => () => Promise.resolve(E.right(undefined)) };
  const lags = lagsOf(log, [{ name: 'rare', filter, reader }]);
  const told = async () => {
    const answer = await lags();
    return E.isRight(answer) ? answer.right.map(({ events }) => events) : answer;
  };
  t.deepEqual([await told(), await told(), await told(), await told()], [[], [1], [1], [1]]);
});
