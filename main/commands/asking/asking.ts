import * as E from 'fp-ts/lib/Either.js';
import { exit } from '../exit-codes.ts';
import type { Api, ApiFailure } from './api.ts';
import { apiAt } from './api.ts';
import type { Screen } from './table.ts';
import { plain } from './table.ts';

/** What a command that asks the service works with. `url`: where the service answers. */
export type Asking = {
  readonly url: string;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly screen: Screen;
  /** Aborted when the person has had enough. */
  readonly signal?: AbortSignal;
};

export type Json = { readonly json?: boolean };

/** What a command was told: an exit code, or why there is no answer. */
export type Told = Promise<E.Either<ApiFailure, number>>;

const codeOf = ({ code }: ApiFailure): number =>
  code === 'refused' || code === 'missing' ? exit.usage : exit.unreachable;

/** Asks, tells what went wrong in one sentence, and answers the exit code. */
export const asking = async (deps: Asking, ask: (api: Api) => Told): Promise<number> => {
  const api = apiAt(deps.url);
  const told = E.isLeft(api) ? api : await ask(api.right);
  if (E.isRight(told)) return told.right;
  deps.stderr(`freshmaker: ${plain(told.left.reason)}\n`);
  return codeOf(told.left);
};

/** One JSON document, as a program wants it: on one line. */
export const asJson = (value: unknown): string => `${JSON.stringify(value)}\n`;
