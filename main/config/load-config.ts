import { readFileSync } from 'node:fs';
import * as E from 'fp-ts/lib/Either.js';
import { parse } from 'yaml';
import { isJsonObject } from '../../domain/json.ts';
import type { Parse } from './parse.ts';
import type { Config, SettingName } from './settings.ts';
import { settings } from './settings.ts';

/** One sentence per fault: where the value came from, what it is, what is allowed. */
export type ConfigFault = string;

type Source = { readonly where: (name: SettingName) => string; readonly values: Values };
type Values = Readonly<Partial<Record<SettingName, unknown>>>;

const names = Object.keys(settings) as ReadonlyArray<SettingName>;

const fromEnvironment = (environment: NodeJS.ProcessEnv): Source => ({
  where: (name) => settings[name].env,
  values: Object.fromEntries(
    names.flatMap((name) => {
      const value = environment[settings[name].env];
      return value === undefined ? [] : [[name, value]];
    }),
  ),
});

const fromFile = (file: string): E.Either<ReadonlyArray<ConfigFault>, Source> => {
  const read = E.tryCatch(
    () => parse(readFileSync(file, 'utf8')) as unknown,
    (error) => [`${file}: ${error instanceof Error ? error.message : String(error)}`],
  );
  if (E.isLeft(read)) return read;
  const values = read.right ?? {};
  if (!isJsonObject(values))
    return E.left([`${file}: it must hold settings, one a line: name: value`]);
  const unknown = Object.keys(values).filter((key) => !names.some((name) => name === key));
  if (unknown.length > 0) {
    const allowed = `allowed are ${names.join(', ')}`;
    return E.left(unknown.map((key) => `${file}: there is no setting ${key}; ${allowed}`));
  }
  return E.right({ where: (name) => `${file}: ${name}`, values });
};

const one = (
  name: SettingName,
  sources: ReadonlyArray<Source>,
): E.Either<ConfigFault, readonly [SettingName, unknown]> => {
  const source = sources.find(({ values }) => values[name] !== undefined);
  const { fallback, parse: read } = settings[name];
  if (source === undefined) return E.right([name, fallback]);
  const value = source.values[name];
  const parsed = (read as Parse<unknown>)(value);
  if (E.isRight(parsed)) return E.right([name, parsed.right]);
  return E.left(`${source.where(name)} is ${JSON.stringify(value)}; it must be ${parsed.left}`);
};

/** What a rehearsal acknowledges would be lost to the service that acts, were the queue the same. */
const rehearsalQueue = 'freshmaker-rehearsal';

/**
 * The configuration: options of the command line before the environment, before the file that
 * FRESHMAKER_CONFIG or `--config` names, before what holds by default. Tells every fault at once.
 */
export const loadConfig = (
  environment: NodeJS.ProcessEnv,
  options: Values & { readonly config?: string },
): E.Either<ReadonlyArray<ConfigFault>, Config> => {
  const { config, ...values } = options;
  const path = config ?? environment['FRESHMAKER_CONFIG'];
  const file = path === undefined ? E.right(undefined) : fromFile(path);
  if (E.isLeft(file)) return file;
  const flags: Source = { where: (name) => `--${name}`, values };
  const sources = [flags, fromEnvironment(environment), ...(file.right ? [file.right] : [])];
  const read = names.map((name) => one(name, sources));
  const faults = read.flatMap((result) => (E.isLeft(result) ? [result.left] : []));
  if (faults.length > 0) return E.left(faults);
  const all = Object.fromEntries(read.flatMap((r) => (E.isRight(r) ? [r.right] : []))) as Config;
  const isQueueGiven = sources.some((source) => source.values.amqpQueue !== undefined);
  return E.right(all.rehearsal && !isQueueGiven ? { ...all, amqpQueue: rehearsalQueue } : all);
};
