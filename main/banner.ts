import type { Config } from './config/settings.ts';
import { liveTransports } from './hearing.ts';
import type { Listening } from './listen.ts';
import type { SandboxProcess } from './sandbox-process.ts';

const feeding = `
Nothing feeds it yet. Any of these does:
  npx freshmaker replay <file|folder|->        recorded messages, as a rehearsal
  npx freshmaker replay --act <file|folder|->  the same, for real
  FRESHMAKER_FEED_URL=<url>                    an HTTP feed of messages
  FRESHMAKER_AMQP_URL=<url>                    RabbitMQ of fedora-messaging
  FRESHMAKER_FEDMSG_ENDPOINTS=<tcp://…>        publishers of fedmsg
Nothing is allowed until a policy allows it: npx freshmaker policy apply <file> --by <who> --why <why>
`;

export type Ears = {
  readonly frontend: Listening | undefined;
  /** Where a backend without an API tells its health. */
  readonly health: Listening | undefined;
};

const recordIn = ({ data, eventStore, mongodb }: Config): string => {
  if (eventStore === null && mongodb === null) return `Log and read models are in ${data}`;
  const log = eventStore === null ? data : 'EventStoreDB';
  return `The log is in ${log}, the read models are in ${mongodb === null ? data : 'MongoDB'}`;
};

/** What a service that has just started tells those who look on. */
export const banner = (
  config: Config,
  { frontend, health }: Ears,
  sandbox: SandboxProcess | undefined,
): string => {
  const lines = [
    ...(frontend === undefined
      ? ['Freshmaker runs without an API (backend only).']
      : [`Freshmaker answers at ${frontend.url}  ·  docs ${frontend.url}/docs`]),
    ...(health === undefined ? [] : [`Health and metrics are at ${health.url}`]),
    recordIn(config),
    ...(sandbox === undefined ? [] : [`The sandbox distribution is at ${sandbox.url}`]),
  ];
  const isFed = sandbox !== undefined || liveTransports(config).length > 0;
  return `${lines.join('\n')}\n${isFed ? '' : feeding}`;
};
