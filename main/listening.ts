import { createServer } from 'node:net';

export type Place = {
  readonly host: string;
  readonly port: number;
  /** The option that names another port. */
  readonly option: '--port' | '--sandbox-port';
};

/** Listens for a moment: undefined when that worked, else the sentence why not and what to do. */
export const tryListening = ({ host, port, option }: Place): Promise<string | undefined> =>
  new Promise((done) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EADDRINUSE' ? 'is taken' : `cannot be used (${error.message})`;
      done(
        `Port ${port} on ${host} ${why}. Stop what listens there, or choose another: ${option} <n>.`,
      );
    });
    server.listen(port, host, () => server.close(() => done(undefined)));
  });
