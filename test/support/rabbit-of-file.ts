import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import type { Rabbit, RabbitRequest } from './rabbitmq.ts';
import { noRabbit, rabbitForTests, startRabbit } from './rabbitmq.ts';

export type RabbitOfFile = {
  readonly rabbit: () => Rabbit;
  /** A virtual host of the test's own; its URL. */
  readonly aVhost: () => Promise<string>;
};

/** One broker for all tests of a file, or undefined where none is installed: see `skipped`. */
export const rabbitOfFile = (request: Omit<RabbitRequest, 'folder'> = {}): RabbitOfFile => {
  let rabbit: Rabbit | undefined;
  let hosts = 0;
  const folder = mkdtempSync(join(tmpdir(), 'freshmaker-rabbitmq-'));
  if (rabbitForTests() !== undefined) {
    test.before(async () => {
      rabbit = await startRabbit({ ...request, folder });
    });
  }
  test.after.always(async () => {
    await rabbit?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const started = (): Rabbit => {
    if (rabbit === undefined) throw new Error(noRabbit);
    return rabbit;
  };
  return { rabbit: started, aVhost: () => started().vhost(`/test-${(hosts += 1)}`) };
};

/** The title of a test that needs a RabbitMQ, with the reason where it is skipped. */
export const withRabbit = (title: string): string =>
  rabbitForTests() === undefined ? `${title} (skipped: ${noRabbit})` : title;
export const testWithRabbit = rabbitForTests() === undefined ? test.skip : test;
/** For tests that take the broker of the file away. */
export const serialWithRabbit = rabbitForTests() === undefined ? test.skip : test.serial;
