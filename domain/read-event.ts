import * as E from 'fp-ts/lib/Either.js';
import type { DomainEvent } from './catalogue.ts';
import { catalogue } from './catalogue.ts';
import { decode } from './codec.ts';
import type { JsonObject } from './json.ts';

/** A stream holds an event that this code cannot read: a newer version wrote it, or it is damaged. */
export type UnknownEvent = {
  readonly code: 'unknown-event';
  readonly stream: string;
  readonly revision: number;
  readonly reason: string;
};

/** An event as it stands in the log. `schema` counts the shapes that its type has had, from 1. */
export type WrittenEvent = {
  readonly stream: string;
  readonly revision: number;
  readonly type: string;
  readonly data: JsonObject;
  readonly metadata: { readonly schema: number; readonly codeVersion: string };
};

/** The shape in which events are written. The first type that gets a second one needs an upcast here. */
export const newestSchema = 1;

const faultOf = ({ type, metadata: { schema } }: WrittenEvent): string | undefined => {
  if (!catalogue.has(type)) return `events of the type ${type} are unknown to this version`;
  return schema > newestSchema
    ? `${type} is written in shape ${schema}, and this version knows it up to shape ${newestSchema}`
    : undefined;
};

const newer = 'Run that version, or a newer one, to go on with it.';
const damaged =
  'Run a version at least as new; where that is the one you run, the log is damaged: freshmaker log verify.';

const unknown = (written: WrittenEvent, fault: string, advice: string): UnknownEvent => {
  const { stream, revision, metadata } = written;
  const reason = `${stream}@${revision} cannot be read: ${fault}. Version ${metadata.codeVersion} wrote it. ${advice}`;
  return { code: 'unknown-event', stream, revision, reason };
};

/**
 * What a written event says, by the codec of its type. Left where the type, or its shape, is of a
 * newer version, naming the place, the version that wrote it and what to do.
 */
export const readEvent = (written: WrittenEvent): E.Either<UnknownEvent, DomainEvent> => {
  const { type, data } = written;
  const codec = catalogue.get(type);
  const fault = faultOf(written);
  if (codec === undefined || fault !== undefined) {
    return E.left(unknown(written, fault ?? type, newer));
  }
  const decoded = decode(codec)({ type, ...data });
  if (E.isRight(decoded)) return decoded;
  return E.left(unknown(written, `${type}: ${decoded.left.reasons.join('; ')}`, damaged));
};
