import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { decode } from '../../domain/codec.ts';
import type { Reading } from '../../domain/trigger/reading.ts';
import type { NormalForm } from '../normal-form.ts';
import type { SetAside } from '../set-aside.ts';
import { setAside } from '../set-aside.ts';

const longestName = 255;
const shownReasons = 5;

const isName = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && value.length <= longestName;

/** A name of something: 1 to 255 characters. */
export const Name = new t.Type<string, string, unknown>(
  'a name of 1 to 255 characters',
  isName,
  (value, context) => (isName(value) ? t.success(value) : t.failure(value, context)),
  t.identity,
);

/** What a publisher may leave out or send as null. */
export const maybe = <A>(codec: t.Type<A, unknown>): t.Type<A | null, unknown> =>
  new t.Type<A | null, unknown, unknown>(
    `${codec.name} or nothing`,
    (value): value is A | null => value === null || codec.is(value),
    (value, context) =>
      value === null || value === undefined ? t.success(null) : codec.validate(value, context),
    t.identity,
  );

/** A version as text; some publishers send it as a number. */
export const VersionText = new t.Type<string, string, unknown>(
  'text or number',
  t.string.is,
  (value, context) => {
    if (typeof value === 'number') return t.success(String(value));
    return isName(value) ? t.success(value) : t.failure(value, context);
  },
  t.identity,
);

/** Decodes the body of a message; where it does not fit, the message is set aside with the reasons. */
export const readBody =
  <A>(codec: t.Decoder<unknown, A>) =>
  (message: NormalForm): E.Either<SetAside, A> => {
    const body = decode(codec)(message.body);
    if (E.isRight(body)) return body;
    const reasons = body.left.reasons.slice(0, shownReasons).join('; ');
    return E.left(setAside('unreadable-body', `${message.topic}: ${reasons}`));
  };

/** Reads the body of a message by its codec, then says what it means to one of our flows. */
export const readAs =
  <A>(
    codec: t.Decoder<unknown, A>,
    meaning: (body: A, message: NormalForm) => E.Either<SetAside, Reading>,
  ) =>
  (message: NormalForm): E.Either<SetAside, Reading> =>
    E.chain((body: A) => meaning(body, message))(readBody(codec)(message));

const longestReason = 4000;

/** A reason somebody gave, cut where it is very long: the message itself is on record. */
export const reasonOf = (text: string | null): string | null =>
  text?.slice(0, longestReason) ?? null;
