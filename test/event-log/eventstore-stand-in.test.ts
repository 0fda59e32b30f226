import test, { type ExecutionContext } from 'ava';
import features from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import { credentials } from '@grpc/grpc-js';
import { readFileSync } from 'node:fs';
import { hasOpenssl, makeCertificate } from '../support/eventstore/certificates.ts';
import type { Fields, RecordedCall, Scenario, Step } from '../support/eventstore/exchanges.ts';
import { masked } from '../support/eventstore/exchanges.ts';
import { recording, scenarioOf, scenarios } from '../support/eventstore/recorded.ts';
import { type Caller, openReplayer, plain, type Replayer } from '../support/eventstore/replay.ts';
import { openStandIn, type StandIn } from '../support/eventstore/stand-in.ts';

const callsOf = (scenario: Scenario): ReadonlyArray<RecordedCall> =>
  scenario.steps.flatMap(({ calls }) => calls ?? []);

/** Compared by what the client saw, for no server answered, or for the recording is cut: where. */
const elsewhere: Readonly<Record<string, string>> = {
  'plain-against-tls': 'eventstore-tls.test.ts',
  'unknown-ca': 'eventstore-tls.test.ts',
  'server-SIGTERM': 'eventstore-restart.test.ts',
  'server-SIGKILL': 'eventstore-restart.test.ts',
  cluster: 'eventstore-cluster.test.ts',
};
const isReplayable = ({ name }: Scenario): boolean => elsewhere[name] === undefined;

/** Those that were recorded with TLS, and how the client logged in. */
const logins: Readonly<Record<string, string | undefined>> = {
  'secure-admin': 'admin:changeit',
  'secure-nobody': undefined,
  'secure-wrong-password': 'admin:other',
};
const isSecure = ({ name }: Scenario): boolean => Object.keys(logins).includes(name);

/** The client's own time limit is no word of the server's. */
const isServersWord = ({ calls = [] }: Step): boolean =>
  calls.every(({ status }) => status?.code !== 4);

const isFeatures = ({ method }: RecordedCall): boolean =>
  method?.includes('ServerFeatures') === true;

type Event = {
  readonly id: { readonly string: string };
  readonly streamIdentifier: { readonly streamName: string };
  readonly streamRevision: string;
  readonly commitPosition: string;
  readonly metadataMap: ReadonlyArray<readonly [string, string]>;
  readonly customMetadata: string;
  readonly data: string;
};
const eventIn = (frame: Fields): Event | undefined =>
  (frame['event'] as { readonly event?: Event } | undefined)?.event;

/** What was in the recorded server before the recording, as far as it can be seen there. */
const fill = (standIn: StandIn, scenarios: ReadonlyArray<Scenario>): void => {
  const frames = scenarios.flatMap(callsOf).flatMap(({ frames: all }) => all ?? []);
  const sent = JSON.stringify(frames.flatMap((frame) => frame.sent ?? []));
  const old = new Map(
    frames
      .flatMap(({ got }) => (got === undefined ? [] : (eventIn(got) ?? [])))
      .filter(({ id }) => !sent.includes(id.string))
      .map((event) => [event.id.string, event] as const),
  );
  const inOrder = [...old.values()].sort(
    (one, other) => Number(one.commitPosition) - Number(other.commitPosition),
  );
  for (const event of inOrder) {
    const stream = Buffer.from(event.streamIdentifier.streamName, 'base64').toString();
    const about = new Map(event.metadataMap);
    const proposed = {
      id: event.id.string,
      type: about.get('type') ?? '',
      contentType: about.get('content-type') ?? '',
      metadata: Buffer.from(event.customMetadata, 'base64'),
      data: Buffer.from(event.data, 'base64'),
    };
    // Of those before it in its stream nothing is known but that they were there.
    const before = Number(event.streamRevision) - (standIn.store.stream(stream)?.length ?? 0);
    for (let missing = before; missing > 0; missing -= 1) {
      standIn.store.append(stream, 'any', [{ ...proposed, id: crypto.randomUUID() }]);
    }
    standIn.store.append(stream, 'any', [proposed]);
  }
};

const supportedBy = (standIn: StandIn, { channel }: Caller): Promise<unknown> =>
  new Promise((settle, fail) => {
    const client = new features.ServerFeaturesClient(`127.0.0.1:${standIn.port}`, channel);
    client.getSupportedMethods(new shared.Empty(), (error, answer) => {
      client.close();
      if (error === null) settle(answer.toObject());
      else fail(error);
    });
  });

type Methods = { readonly methodsList: ReadonlyArray<{ readonly serviceName: string }> };

/** The stand-in offers two of the server's services; of those it says the same. */
const ofOurServices = (answer: unknown): unknown => {
  const { methodsList, ...rest } = answer as Methods;
  const isOurs = ({ serviceName }: { readonly serviceName: string }): boolean =>
    /\.(streams|serverfeatures)$/.test(serviceName);
  return { ...rest, methodsList: methodsList.filter(isOurs) };
};

type Scene = {
  readonly standIn: StandIn;
  readonly caller: Caller;
  readonly replayer: Replayer;
};

const sceneOf = async (t: ExecutionContext, scenario: Scenario): Promise<Scene> => {
  const certificate = isSecure(scenario) ? makeCertificate() : undefined;
  const secured = certificate && { certificate, users: { admin: 'changeit' } };
  const login = logins[scenario.name];
  const standIn = await openStandIn(secured);
  const caller =
    certificate === undefined
      ? plain
      : {
          channel: credentials.createSsl(readFileSync(certificate.caFile)),
          ...(login && { login }),
        };
  const replayer = openReplayer(standIn.port, new Map(), caller);
  t.teardown(async () => {
    replayer.close();
    await standIn.close();
  });
  return { standIn, caller, replayer };
};

const compare = async (
  t: ExecutionContext,
  { replayer }: Scene,
  recorded: RecordedCall,
  where: string,
  within: () => Promise<void>,
): Promise<void> => {
  const { frames, status } = await replayer.replay(recorded, within);
  const expected = (recorded.frames ?? []).flatMap(({ got }) => got ?? []);
  t.deepEqual(masked(frames), masked(expected), where);
  if (status !== undefined) t.deepEqual(status, recorded.status, where);
};

const replayStep = async (
  t: ExecutionContext,
  scene: Scene,
  step: Step,
  where: string,
): Promise<void> => {
  const [first, ...others] = step.calls ?? [];
  if (first === undefined) return;
  const rest = (): Promise<void> => replayStep(t, scene, { ...step, calls: others }, where);
  if (isFeatures(first)) {
    const [got] = (first.frames ?? []).flatMap((frame) => frame.got ?? []);
    const said = await supportedBy(scene.standIn, scene.caller);
    t.deepEqual(ofOurServices(said), ofOurServices(got), where);
    await rest();
    return;
  }
  // A subscription goes on while the step's other calls are made.
  const isSubscription = JSON.stringify(first.frames?.[0] ?? {}).includes('"subscription":');
  await compare(t, scene, first, where, isSubscription ? rest : () => Promise.resolve());
  if (!isSubscription) await rest();
};

if (scenarios.length === 0) {
  test.skip(`the stand-in answers as the recorded server (skipped: there is no ${recording})`, () =>
    undefined);
} else {
  test('every recorded scenario is compared, here or by what its client saw', (t) => {
    const [here, there] = [scenarios.filter(isReplayable), Object.keys(elsewhere)];
    t.is(scenarios.length, 18);
    t.is(here.length + there.length, scenarios.length);
    t.true(there.every((name) => scenarioOf(name) !== undefined));
  });
}

for (const scenario of scenarios.filter(isReplayable)) {
  const title = `recorded ${scenario.name}: the stand-in gives the same statuses, details, trailers and fields`;
  if (isSecure(scenario) && !hasOpenssl) {
    test.skip(`${title} (skipped: no openssl to make certificates with)`, () => undefined);
    continue;
  }
  test(title, async (t) => {
    const scene = await sceneOf(t, scenario);
    fill(scene.standIn, [scenario]);
    const steps = scenario.steps.filter(isServersWord);
    t.true(steps.length > 0);
    for (const step of steps) await replayStep(t, scene, step, `${scenario.name}: ${step.step}`);
  });
}
