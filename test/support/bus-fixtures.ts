import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import type { Judgement } from '../../ingest/judge.ts';
import { judge } from '../../ingest/judge.ts';
import type { NormalForm } from '../../ingest/normal-form.ts';
import { normalise } from '../../ingest/normal-form.ts';
import type { Json } from '../../domain/json.ts';

export const busFixtures = join(import.meta.dirname, '..', 'fixtures', 'bus');

/** Names of all fixtures, `<topic>/<name>`. */
export const fixtureNames = (): ReadonlyArray<string> =>
  readdirSync(busFixtures)
    .flatMap((topic) => readdirSync(join(busFixtures, topic)).map((file) => `${topic}/${file}`))
    .map((path) => path.replace(/\.json$/, ''))
    .sort();

export const fixtureText = (name: string): string =>
  readFileSync(join(busFixtures, `${name}.json`), 'utf8');

export const aMessage = (text: string): NormalForm => {
  const message = normalise(JSON.parse(text) as Json, { text });
  if (E.isLeft(message)) throw new Error(message.left.reason);
  return message.right;
};

export const fixture = (name: string): NormalForm => aMessage(fixtureText(name));

export const judged = (name: string): Judgement => judge(fixture(name));

/** `understood`, or the code it was set aside with. */
export const verdictOf = (judgement: Judgement): string =>
  E.isRight(judgement) ? 'understood' : judgement.left.code;
