import * as E from 'fp-ts/lib/Either.js';
import type * as t from 'io-ts';
import type { NormalForm } from '../normal-form.ts';
import type { SetAside } from '../set-aside.ts';
import { setAside } from '../set-aside.ts';
import { readBody } from './fields.ts';

/** For what is read but not yet acted on: the body is validated, then kept for a later version. */
export const noFlowYet =
  <A>(codec: t.Decoder<unknown, A>, what: string) =>
  (message: NormalForm): E.Either<SetAside, never> => {
    const body = readBody(codec)(message);
    if (E.isLeft(body)) return body;
    return E.left(setAside('no-flow-yet', `${what}: understood, but no flow acts on it yet`));
  };
