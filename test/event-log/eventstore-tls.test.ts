import { EventStoreDBClient, jsonEvent, NO_STREAM } from '@eventstore/db-client';
import test from 'ava';
import { hasOpenssl, makeCertificate } from '../support/eventstore/certificates.ts';
import { recording, scenarioOf } from '../support/eventstore/recorded.ts';
import { kindOf, recordedKind, stepOf } from '../support/eventstore/recorded-client.ts';
import { openStandIn } from '../support/eventstore/stand-in.ts';

type RecordedError = { readonly class: string; readonly code: number; readonly message: string };

for (const [name, query] of [
  ['plain-against-tls', '?tls=false'],
  ['unknown-ca', ''],
] as const) {
  const title = `recorded ${name}: the client is told what the recorded one was told`;
  const scenario = scenarioOf(name);
  if (scenario === undefined || !hasOpenssl) {
    const why = hasOpenssl ? `there is no ${recording}` : 'no openssl to make certificates with';
    test.skip(`${title} (skipped: ${why})`, () => undefined);
    continue;
  }
  test.serial(title, async (t) => {
    const { error } = stepOf(scenario, 'append') as unknown as { readonly error: RecordedError };
    const standIn = await openStandIn({ certificate: makeCertificate() });
    t.teardown(standIn.close);
    const client = EventStoreDBClient.connectionString(`esdb://127.0.0.1:${standIn.port}${query}`);
    const event = jsonEvent({ type: 'thing-happened', data: { n: 0 } });
    const append = client.appendToStream('a-1', event, { expectedRevision: NO_STREAM });
    const failure = await t.throwsAsync(append);
    const { class: name, code, message } = error;
    t.is(kindOf(failure), recordedKind(`${name}/undefined/${code}/${message}`));
    t.is(standIn.store.all.length, 0);
  });
}
