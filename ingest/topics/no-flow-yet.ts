import * as E from 'fp-ts/lib/Either.js';
import type * as t from 'io-ts';
import type { NormalForm } from '../normal-form.ts';
import type { SetAside } from '../set-aside.ts';
import { setAside } from '../set-aside.ts';
import { readBody } from './fields.ts';

type Check<A> = (body: A) => SetAside | undefined;

/** For what is read but not yet acted on: the body is validated, then kept for a later version. */
export const noFlowYet =
  <A>(codec: t.Decoder<unknown, A>, what: string, check: Check<A> = () => undefined) =>
  (message: NormalForm): E.Either<SetAside, never> => {
    const body = readBody(codec)(message);
    if (E.isLeft(body)) return body;
    const waiting = setAside('no-flow-yet', `${what}: understood, but no flow acts on it yet`);
    return E.left(check(body.right) ?? waiting);
  };
