import { randomUUID } from 'node:crypto';
import type { EventLog } from '../../event-log/event-log.ts';
import type { Hand } from '../../event-log/carry-out.ts';

export const aHandOn = (log: EventLog, now = () => '2026-03-01T10:00:10.000Z'): Hand => ({
  ...{ log, newId: randomUUID, now, actor: 'test', codeVersion: '0.0.0' },
});
