import type { Model } from '../read-models.ts';

/** What became of one message. Row id: the stream's name. Times: ISO 8601. */
export type MessageRow = {
  readonly messageId: string;
  readonly topic: string;
  readonly prefix: string;
  readonly transport: string;
  readonly sentAt: string | null;
  readonly observedAt: string;
  readonly verdict: 'understood' | 'set-aside';
  /** Why it was set aside; null when it was understood. */
  readonly code: string | null;
  readonly explanation: string | null;
  readonly trigger: string | null;
  readonly kind: string | null;
  readonly searchKey: string | null;
  readonly rehearsal: boolean;
};

export const messagesModel: Model = {
  name: 'messages',
  version: 1,
  fields: {
    messageId: 'text',
    topic: 'text',
    transport: 'text',
    verdict: 'text',
    code: 'text',
    trigger: 'text',
    observedAt: 'text',
  },
  fieldsOf: (body) => {
    const { messageId, topic, transport, verdict, code, trigger, observedAt } = body as MessageRow;
    return { messageId, topic, transport, verdict, code, trigger, observedAt };
  },
};
