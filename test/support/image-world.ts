import type { ExecutionContext } from 'ava';
import { decisionsModel } from '../../projectors/decisions/row.ts';
import type { DecisionRow } from '../../projectors/decisions/row.ts';
import type { Sandbox, SandboxOptions } from '../../ops/sandbox/sandbox.ts';
import type { Config } from '../../main/config/settings.ts';
import { aSandbox, ask, distributionOf, tempFolder } from './sandbox.ts';
import type { Service } from './service.ts';
import { aService, configFor, eventsOf, must, until } from './service.ts';

/** A chain five deep and one beside it; what dropped bash two releases ago; what never had it. */
export const chain: ReadonlyArray<string> = [
  'image base:f28 holds bash,glibc past same',
  'image core:f28 from base:f28 holds tar',
  'image runtime:f28 from core:f28 holds python3',
  'image app:f28 from runtime:f28 holds shop',
  'image plugin:f28 from app:f28 holds shop-plugin',
  'image side:f28 from base:f28 holds httpd',
  'image lean:f28 holds zlib past same past bash',
  'image other:f28 holds zlib',
];
/** Those of the chain that hold bash, each after its parent. */
export const holders = ['base', 'core', 'runtime', 'app', 'plugin', 'side'] as const;

export type Logged = {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly call?: { readonly method: string; readonly params: ReadonlyArray<unknown> };
};

type Options = Readonly<Record<string, unknown>>;
export type Asked = {
  readonly name: string;
  readonly branch: string;
  readonly release: string;
  readonly parent: string | undefined;
  readonly composes: ReadonlyArray<number>;
};

/** What Koji was asked to build, in its order, by the sandbox's own log of requests. */
export const buildsAsked = async (sandbox: Sandbox): Promise<ReadonlyArray<Asked>> => {
  const log = (await ask(sandbox, '/sandbox/requests')).body as ReadonlyArray<Logged>;
  return log.flatMap(({ call }) => {
    if (call?.method !== 'buildContainer') return [];
    const [source, , options = {}] = call.params as readonly [string, string, Options?];
    return [
      {
        name: /\/([^/]+?)(?:\.git)?\?#/u.exec(source)?.[1] ?? source,
        branch: String(options['git_branch']),
        release: String(options['release']),
        parent: options['koji_parent_build'] as string | undefined,
        composes: (options['compose_ids'] ?? []) as ReadonlyArray<number>,
      },
    ];
  });
};

export type ImageStory = { readonly sandbox: Sandbox; readonly service: Service };

/** A sandbox with these images and a service on it that knows what they hold. */
export const anImageStory = async (
  t: ExecutionContext,
  images: ReadonlyArray<string> = chain,
  config: Partial<Config> = {},
  world: Partial<SandboxOptions> = {},
): Promise<ImageStory> => {
  const sandbox = await aSandbox(t, { distribution: distributionOf(...images), ...world });
  const folder = config.data ?? tempFolder(t);
  return { sandbox, service: await aService(t, configFor(sandbox, folder, config)) };
};

/** Until so many events are through with everything. */
export const untilDone = (service: Service, count = 1, seconds = 60): Promise<void> =>
  until(
    service,
    async () => {
      const events = await eventsOf(service);
      return events.length >= count && events.every(({ timeDone }) => timeDone !== null);
    },
    seconds,
  );

export const decisionsOf = async ({ stores }: Service): Promise<ReadonlyArray<DecisionRow>> => {
  const query = { where: [], orderBy: [], offset: 0, limit: 10_000 };
  const found = must(await stores.readModels.reader(decisionsModel).find(query)());
  return found.map(({ body }) => body as DecisionRow);
};
