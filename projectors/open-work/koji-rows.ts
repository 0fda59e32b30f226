import type { ImageEvent } from '../../domain/image/events.ts';
import type { SigningEvent } from '../../domain/signing/events.ts';
import type { WorkRow } from './row.ts';

const nothing = { claims: [], waitsFor: [], tells: [], composeId: null, state: {} };

/** A build that was heard of has work until it is on record or dismissed; no other has a row. */
export const imageRow = (
  body: WorkRow | undefined,
  event: ImageEvent,
  heardAt: string,
): WorkRow | undefined => {
  switch (event.type) {
    case 'ImageBuildHeard':
      return { ...nothing, saga: 'contents', due: heardAt };
    case 'ImageContentsPart':
      return body;
    case 'ImageContentsRecorded':
    case 'ImageBuildDismissed':
      return undefined;
  }
};

/** Koji is to be asked after the newest signature; once it was, until another is heard of. */
export const signingRow = (event: SigningEvent): WorkRow | undefined =>
  event.type === 'SignatureHeard'
    ? { ...nothing, saga: 'signing', due: event.notBefore }
    : undefined;
