import type { ExecutionContext } from 'ava';
import type { Asking } from '../../main/commands/asking/asking.ts';
import type { Stock } from './stocked-api.ts';
import { stockedApi } from './stocked-api.ts';

/** The API over these rows, really listening, and what commands need to ask it. */
export const anAsker = async (t: ExecutionContext, stock: Stock, changes: Partial<Asking> = {}) => {
  const app = await stockedApi(t, stock);
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const said = { out: '', err: '' };
  const deps: Asking = {
    url,
    stdout: (text) => void (said.out += text),
    stderr: (text) => void (said.err += text),
    screen: { isTerminal: false, columns: 80 },
    ...changes,
  };
  return { app, url, said, deps };
};
