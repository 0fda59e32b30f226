import test, { type ExecutionContext } from 'ava';
import features from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import { credentials } from '@grpc/grpc-js';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Fields, RecordedCall, Scenario, Step } from '../support/eventstore/exchanges.ts';
import { masked } from '../support/eventstore/exchanges.ts';
import { openReplayer, type Replayer } from '../support/eventstore/replay.ts';
import { openStandIn, type StandIn } from '../support/eventstore/stand-in.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = resolve(root, process.env['FRESHMAKER_CONTRACT'] ?? '../shared/contract');
const file = join(folder, 'eventstore-exchanges.json');

const callsOf = (scenario: Scenario): ReadonlyArray<RecordedCall> =>
  scenario.steps.flatMap(({ calls }) => calls ?? []);
const codesOf = (scenario: Scenario): ReadonlyArray<number> =>
  callsOf(scenario).flatMap(({ status }) => status?.code ?? []);

/** Left out: what was cut in the recording (restarts, a cluster), and what no server answered. */
const isReplayable = (scenario: Scenario): boolean =>
  !JSON.stringify(scenario).includes('"cut":') && !codesOf(scenario).includes(14);

/** The client's own time limit is no word of the server's. */
const isServersWord = ({ calls = [] }: Step): boolean =>
  calls.every(({ status }) => status?.code !== 4);

const isFeatures = ({ method }: RecordedCall): boolean =>
  method?.includes('ServerFeatures') === true;

type Event = {
  readonly id: { readonly string: string };
  readonly streamIdentifier: { readonly streamName: string };
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
  for (const { id, streamIdentifier, metadataMap, customMetadata, data } of inOrder) {
    const about = new Map(metadataMap);
    standIn.store.append(Buffer.from(streamIdentifier.streamName, 'base64').toString(), 'any', [
      {
        id: id.string,
        type: about.get('type') ?? '',
        contentType: about.get('content-type') ?? '',
        metadata: Buffer.from(customMetadata, 'base64'),
        data: Buffer.from(data, 'base64'),
      },
    ]);
  }
};

const supportedBy = (standIn: StandIn): Promise<unknown> =>
  new Promise((settle, fail) => {
    const client = new features.ServerFeaturesClient(
      `127.0.0.1:${standIn.port}`,
      credentials.createInsecure(),
    );
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

const compare = async (
  t: ExecutionContext,
  replayer: Replayer,
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
  standIn: StandIn,
  replayer: Replayer,
  step: Step,
  where: string,
): Promise<void> => {
  const [first, ...others] = step.calls ?? [];
  if (first === undefined) return;
  const rest = (): Promise<void> =>
    replayStep(t, standIn, replayer, { ...step, calls: others }, where);
  if (isFeatures(first)) {
    const [got] = (first.frames ?? []).flatMap((frame) => frame.got ?? []);
    t.deepEqual(ofOurServices(await supportedBy(standIn)), ofOurServices(got), where);
    await rest();
    return;
  }
  // A subscription goes on while the step's other calls are made.
  const isSubscription = JSON.stringify(first.frames?.[0] ?? {}).includes('"subscription":');
  await compare(t, replayer, first, where, isSubscription ? rest : () => Promise.resolve());
  if (!isSubscription) await rest();
};

if (existsSync(file)) {
  test('the stand-in answers as the recorded server: statuses, details, trailers and fields', async (t) => {
    const { scenarios } = JSON.parse(readFileSync(file, 'utf8')) as {
      readonly scenarios: ReadonlyArray<Scenario>;
    };
    const replayable = scenarios.filter(isReplayable);
    const standIn = await openStandIn();
    const replayer = openReplayer(standIn.port, new Map());
    t.teardown(async () => {
      replayer.close();
      await standIn.close();
    });
    fill(standIn, replayable);
    for (const scenario of replayable) {
      const codes = codesOf(scenario);
      const denial = codes.includes(16) ? 'unauthenticated' : undefined;
      standIn.deny(codes.includes(7) ? 'access-denied' : denial);
      for (const step of scenario.steps.filter(isServersWord)) {
        await replayStep(t, standIn, replayer, step, `${scenario.name}: ${step.step}`);
      }
    }
    const left = scenarios.filter((scenario) => !isReplayable(scenario));
    t.log(`replayed ${replayable.length}, left out ${left.map(({ name }) => name).join(', ')}`);
    t.true(replayable.length > 0);
  });
} else {
  test.skip(`the stand-in answers as the recorded server (skipped: there is no ${file})`, () =>
    undefined);
}
