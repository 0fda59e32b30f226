import type { KojiFailure } from './port.ts';

/** Reading changes nothing, so its failures never leave an outcome unknown. */
export type Call = 'reading' | 'writing';

const shortened = (text: string): string => {
  const flat = text.replace(/\s+/g, ' ').trim();
  if (flat === '') return 'nothing';
  return flat.length > 400 ? `${flat.slice(0, 400)}…` : flat;
};

/** An exchange that came to no answer. What was never sent was not carried out. */
export const lost = (call: Call, wasSent: boolean, reason: string): KojiFailure => ({
  code: call === 'writing' && wasSent ? 'koji-unknown-outcome' : 'koji-unavailable',
  reason,
});

type Refused = {
  readonly asked: string;
  readonly status: number;
  readonly location: string | undefined;
  readonly body: string;
};

/** What an HTTP status other than 200 means. Faults of the hub come with status 200. */
export const ofStatus = (call: Call, answer: Refused): KojiFailure => {
  const { asked, status, location } = answer;
  if (status >= 300 && status < 400) {
    const where = `redirected to ${location ?? 'nowhere'}`;
    const advice =
      'Redirects are not followed: set the address of the hub to the one it answers at.';
    return {
      code: 'koji-refused',
      fault: null,
      reason: `${asked}: ${status}, ${where}. ${advice}`,
    };
  }
  const words = shortened(answer.body.slice(0, 20_000).replace(/<[^>]*>/g, ' '));
  const reason = `${asked}: ${status}, ${words}`;
  if (status === 408 || status === 429) return { code: 'koji-unavailable', reason };
  if (status >= 500) return lost(call, true, reason);
  return { code: 'koji-refused', fault: null, reason };
};

/** An answer that is not XML-RPC, or not of the shape it has to have. */
export const unreadable = (call: Call, asked: string, why: string): KojiFailure => {
  const reason = `${asked}: the answer cannot be read: ${why}`;
  return call === 'writing'
    ? { code: 'koji-unknown-outcome', reason }
    : { code: 'koji-unreadable', reason };
};

/** A lock, a session that ended, a call number out of order, a hub offline: nothing was carried out. */
const passing: ReadonlyArray<number> = [1006, 1007, 1008, 1014];

/** What a fault of the hub means. 1009 is told for a call carried out before, whose result is lost. */
export const ofFault = (
  asked: string,
  fault: { readonly code: number; readonly text: string },
): KojiFailure => {
  const reason = `${asked}: fault ${fault.code}, ${shortened(fault.text)}`;
  if (fault.code === 1009) return { code: 'koji-unknown-outcome', reason };
  if (passing.includes(fault.code)) return { code: 'koji-unavailable', reason };
  if (/^No such (build|task|rpm|archive)\b/i.test(fault.text)) {
    return { code: 'koji-missing', reason };
  }
  return { code: 'koji-refused', fault: fault.code, reason };
};
