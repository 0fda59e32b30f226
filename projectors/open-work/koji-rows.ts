import type { ImageEvent } from '../../domain/image/events.ts';
import type { SigningEvent } from '../../domain/signing/events.ts';
import type { WorkRow } from './row.ts';

const nothing = { claims: [], waitsFor: [], tells: [], composeId: null, state: {} };

/** A build that was heard of has work until it is on record or dismissed; no other has a row. */
export const imageRow = (event: Pick<ImageEvent, 'type'>, heardAt: string): WorkRow | undefined =>
  event.type === 'ImageBuildHeard' ? { ...nothing, saga: 'contents', due: heardAt } : undefined;

/** Koji is to be asked after the newest signature; once it was, until another is heard of. */
export const signingRow = (event: SigningEvent): WorkRow | undefined =>
  event.type === 'SignatureHeard'
    ? { ...nothing, saga: 'signing', due: event.notBefore }
    : undefined;
