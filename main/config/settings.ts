import { busSettings } from './bus-settings.ts';
import { containerSettings } from './container-settings.ts';
import type { Parse } from './parse.ts';
import { flag, oneOf, optional, text, url, whole } from './parse.ts';
import { productionSettings } from './production-settings.ts';

export type Setting<A> = {
  /** The environment variable that sets it. */
  readonly env: string;
  readonly parse: Parse<A>;
  readonly fallback: A;
  readonly what: string;
};

const day = 86_400;

/** Every setting there is. Times are seconds; the same names stand in a configuration file. */
export const settings = {
  data: {
    ...{ env: 'FRESHMAKER_DATA', parse: text, fallback: './data' },
    what: 'folder of the embedded log, the read models and the work copies',
  },
  host: { env: 'FRESHMAKER_HOST', parse: text, fallback: '127.0.0.1', what: 'address of the API' },
  port: {
    env: 'FRESHMAKER_PORT',
    parse: whole(0, 65_535),
    fallback: 8080,
    what: 'port of the API',
  },
  eventStore: {
    ...{ env: 'FRESHMAKER_EVENTSTORE', parse: optional(text), fallback: null as string | null },
    what: 'connection string of EventStoreDB; the embedded log when unset',
  },
  policy: {
    ...{ env: 'FRESHMAKER_POLICY', parse: optional(text), fallback: null as string | null },
    what: 'policy file adopted at the very first start',
  },
  rehearsal: {
    ...{ env: 'FRESHMAKER_REHEARSAL', parse: flag, fallback: false },
    what: 'decide everything, call nothing outside',
  },
  ...busSettings,
  mbsUrl: {
    ...{ env: 'FRESHMAKER_MBS_URL', parse: optional(url), fallback: null as string | null },
    what: 'base of MBS, up to module-build-service/',
  },
  mbsToken: {
    ...{ env: 'FRESHMAKER_MBS_TOKEN', parse: optional(text), fallback: null as string | null },
    what: 'bearer token for submissions to MBS',
  },
  mbsSubmitTimeout: {
    ...{ env: 'FRESHMAKER_MBS_SUBMIT_TIMEOUT', parse: whole(1, 3600), fallback: 180 },
    what: 'seconds a submission may take before its outcome counts as unknown',
  },
  mbsReadTimeout: {
    ...{ env: 'FRESHMAKER_MBS_READ_TIMEOUT', parse: whole(1, 3600), fallback: 30 },
    what: 'seconds a question to MBS may take',
  },
  ...containerSettings,
  gitUrl: {
    ...{ env: 'FRESHMAKER_GIT_URL', parse: optional(text), fallback: null as string | null },
    what: 'base of dist-git for fetching: <base>/<namespace>/<repo>.git',
  },
  gitPushUrl: {
    ...{ env: 'FRESHMAKER_GIT_PUSH_URL', parse: optional(text), fallback: null as string | null },
    what: 'base of dist-git for pushing; as gitUrl when unset',
  },
  gitAuthor: {
    ...{ env: 'FRESHMAKER_GIT_AUTHOR', parse: text, fallback: 'Freshmaker' },
    what: 'author of bump commits',
  },
  gitEmail: {
    ...{ env: 'FRESHMAKER_GIT_EMAIL', parse: text, fallback: 'freshmaker@localhost' },
    what: 'e-mail address of that author',
  },
  gitTimeout: {
    ...{ env: 'FRESHMAKER_GIT_TIMEOUT', parse: whole(1, 3600), fallback: 120 },
    what: 'seconds a git command may take',
  },
  pollEvery: {
    ...{ env: 'FRESHMAKER_POLL_EVERY', parse: whole(1, day), fallback: 60 },
    what: 'seconds between two questions about a running build',
  },
  lookAgainEvery: {
    ...{ env: 'FRESHMAKER_LOOK_AGAIN_EVERY', parse: whole(1, day), fallback: 30 },
    what: 'seconds between two looks at what waits for something of ours',
  },
  writerLease: {
    ...{ env: 'FRESHMAKER_WRITER_LEASE', parse: whole(1, 3600), fallback: 5 },
    what: 'seconds after which another process writes the read models of one that died',
  },
  ...productionSettings,
  logLevel: {
    env: 'FRESHMAKER_LOG_LEVEL',
    parse: oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'),
    fallback: 'info',
    what: 'how much is logged',
  },
} satisfies Readonly<Record<string, Setting<unknown> | Setting<never>>>;

export type SettingName = keyof typeof settings;
export type Config = { readonly [Name in SettingName]: (typeof settings)[Name]['fallback'] };
