import { createHash } from 'node:crypto';
import type { Json } from '../../domain/json.ts';
import type { Source } from '../envelope/source.ts';
import type { NormalForm } from '../normal-form.ts';
import { normaliseAnything } from '../normal-form.ts';

/** Frames as they came, and the text they are told by in the record. */
export type Frames = {
  readonly frames: ReadonlyArray<Uint8Array>;
  readonly source: Source;
};

const digestOf = (frames: ReadonlyArray<Uint8Array>): string => {
  const hash = createHash('sha256');
  for (const frame of frames) hash.update(`${frame.length}:`).update(frame);
  return hash.digest('hex');
};

/**
 * A message that is not what it claims to be. Its stream is named by its bytes, for the id it gives
 * may be that of a true message which is still to come; its body is the envelope, with what was to
 * prove it.
 */
export const rejected = (
  raw: Json,
  { frames, source }: Frames,
  accepted?: ReadonlyArray<string>,
): NormalForm => {
  const message = normaliseAnything(raw, source, accepted);
  const key = `rejected:sha256:${digestOf(frames)}`;
  const { bytes, text } = source;
  return {
    ...message,
    ...{ key, format: 'fedmsg', body: null },
    messageId: message.idDerived ? key : message.messageId,
    bodyText: bytes === undefined ? text : Buffer.from(bytes).toString('base64'),
    bodyEncoding: bytes === undefined ? 'text' : 'base64',
  };
};
