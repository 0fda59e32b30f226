import type { Config, SettingName } from './settings.ts';

export type SandboxAddresses = {
  readonly mbsUrl: string;
  readonly kojiUrl: string;
  readonly odcsUrl: string;
  readonly bodhiUrl: string;
  readonly gitUrl: string;
  readonly feedUrl: string;
  readonly datagrepperUrl: string;
};

/** What leads to services and records outside: nothing of it may be touched by an invented world. */
const outside = {
  ...{ eventStore: null, mongodb: null, policy: null },
  ...{ feedUrl: null, amqpUrl: null, amqpCertificate: null, amqpKey: null, amqpAuthority: null },
  ...{ fedmsgEndpoints: [], fedmsgAuthority: null, fedmsgRevocations: null, datagrepperUrl: null },
  ...{ mbsUrl: null, mbsToken: null, gitUrl: null, gitPushUrl: null },
  ...{ kojiUrl: null, kojiCertificate: null, kojiKey: null, kojiAuthority: null },
  ...{ odcsUrl: null, odcsToken: null, odcsOwner: null, bodhiUrl: null },
} satisfies Partial<Record<SettingName, null | ReadonlyArray<never>>>;

/** One sentence naming the given settings that a sandbox does not use; undefined when there is none. */
export const setAsideBySandbox = (config: Config): string | undefined => {
  const given = (Object.keys(outside) as ReadonlyArray<keyof typeof outside>).filter(
    (name) => config[name] !== null && String(config[name]) !== '',
  );
  if (given.length === 0) return undefined;
  return `The sandbox sets aside: ${given.join(', ')}; use --no-sandbox for them.`;
};

/**
 * The configuration of a service on a sandbox: its addresses are the only ones, its log is embedded,
 * and it asks and gives up sooner than one on real services does.
 */
export const sandboxConfig = (
  config: Config,
  { mbsUrl, gitUrl, feedUrl, kojiUrl, odcsUrl, bodhiUrl, datagrepperUrl }: SandboxAddresses,
): Config => ({
  ...config,
  ...outside,
  ...{ mbsUrl, gitUrl, feedUrl, kojiUrl, odcsUrl, bodhiUrl, datagrepperUrl },
  ...{ kojiLogin: 'plain', kojiTimeout: 10, odcsTimeout: 10 },
  ...{ mbsSubmitTimeout: Math.min(config.mbsSubmitTimeout, 10), pollEvery: 2, lookAgainEvery: 2 },
});
