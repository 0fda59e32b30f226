import type { Channel } from 'amqplib';
import type { Binding } from './binding.ts';

export type Queue = {
  /** Null for one that the broker names, and that ends with the connection. */
  readonly name: string | null;
  /** `active` makes queue and bindings; `passive` only looks whether the queue is there. */
  readonly declare: 'active' | 'passive';
  /** Whether a queue that is made outlives the broker. */
  readonly durable: boolean;
  readonly bindings: ReadonlyArray<Binding>;
};

/** Sees to it that the queue is there, and resolves with its name; throws what the broker answers. */
export const declareQueue = async (
  channel: Channel,
  { name, declare, durable, bindings }: Queue,
): Promise<string> => {
  if (declare === 'passive' && name !== null) return (await channel.checkQueue(name)).queue;
  const isOwn = name === null;
  const options = isOwn ? { exclusive: true, autoDelete: true } : {};
  const { queue } = await channel.assertQueue(name ?? '', {
    ...{ durable: durable && !isOwn, exclusive: false, autoDelete: false },
    ...options,
  });
  for (const { exchange, pattern } of bindings) await channel.bindQueue(queue, exchange, pattern);
  return queue;
};
