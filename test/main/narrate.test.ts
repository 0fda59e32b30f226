import type { ExecutionContext } from 'ava';
import test from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import type { DomainEvent } from '../../domain/catalogue.ts';
import { artifactStream, composeStream } from '../../domain/stream-names.ts';
import { appendEvents } from '../../event-log/carry-out.ts';
import { narrate } from '../../main/narrate.ts';
import { aHandOn } from '../support/a-hand.ts';
import { aLog } from '../support/ingest-world.ts';

const at = '2026-03-01T10:00:00.000Z';
const planned = (artifact: string, name: string, branch: string): DomainEvent => ({
  ...{ type: 'BuildPlanned', build: 7, artifact, name, branch, rehearsal: false },
  ...{ at, notBefore: at },
});

/** The line that is told of an event which is appended after somebody began to look on. */
const lineOf = async (t: ExecutionContext, stream: string, event: DomainEvent): Promise<string> => {
  const log = await aLog(t);
  const enough = new AbortController();
  let first: Promise<string> = Promise.resolve('');
  await new Promise<void>((hasBegun) => {
    const head = () => async () => {
      const found = await log.head()();
      hasBegun();
      return found;
    };
    first = new Promise((done) => void narrate({ ...log, head }, done, enough.signal));
  });
  const context = { correlationId: 'm' };
  const appended = await appendEvents(aHandOn(log))(stream, undefined, context, [event]);
  if (E.isLeft(appended)) throw new Error(JSON.stringify(appended.left));
  const line = await first;
  enough.abort();
  return line;
};

const told: ReadonlyArray<readonly [string, DomainEvent, RegExp]> = [
  [
    artifactStream('real', 'image:httpd:f28'),
    planned('image:httpd:f28', 'httpd', 'f28'),
    /build 7: image httpd:f28 is planned\n$/,
  ],
  [
    artifactStream('real', 'module:httpd:2.4'),
    planned('module:httpd:2.4', 'httpd', '2.4'),
    /build 7: module httpd:2\.4 is planned\n$/,
  ],
  [
    artifactStream('real', 'image:httpd:f28'),
    {
      ...{ type: 'WaitBlocked', build: 7, trigger: 'bodhi:x' },
      ...{ parent: 'image:base:f28', code: 'parent-failed' },
    },
    /build 7: waits for image:base:f28, parent-failed\n$/,
  ],
  [
    composeStream('real', 'signed:a-1-1'),
    { type: 'ComposeGivenUp', code: 'odcs-refused', reason: 'No such build.', at },
    /compose of signed:a-1-1: cannot be had, No such build\.\n$/,
  ],
];

for (const [stream, event, line] of told) {
  test(`who looks on is told of ${event.type} in ${stream} in one line`, async (t) => {
    t.regex(await lineOf(t, stream, event), line);
  });
}
