import { readFile } from 'node:fs/promises';
import * as E from 'fp-ts/lib/Either.js';
import type { VersionedPolicy } from '../../domain/policy/current.ts';
import type { PolicyFault } from './read-policy-file.ts';
import { readPolicyFile } from './read-policy-file.ts';

const told: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file; name a policy file, for instance ops/policies/example.yaml',
  EISDIR: 'this is a folder; name the policy file in it',
  EACCES: 'the file may not be read by this user; change its permissions',
};

const whole = (file: string, message: string): E.Either<ReadonlyArray<PolicyFault>, never> =>
  E.left([{ file, line: 1, column: 1, path: '', message }]);

const bytesOf = async (file: string): Promise<Uint8Array | string> => {
  try {
    return await readFile(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return told[code ?? ''] ?? `it cannot be read: ${message}`;
  }
};

const textOf = (bytes: Uint8Array): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
};

/** The policy in a file of this machine; what keeps it from being read comes back as faults too. */
export const loadPolicy = async (
  file: string,
): Promise<E.Either<ReadonlyArray<PolicyFault>, VersionedPolicy>> => {
  const bytes = await bytesOf(file);
  if (typeof bytes === 'string') return whole(file, bytes);
  const text = textOf(bytes);
  if (text === undefined) return whole(file, 'it is not UTF-8 text; save it as UTF-8');
  return readPolicyFile(file, text);
};

/** One line for people: where it is wrong, what is wrong, what is allowed, what to do. */
export const faultInWords = ({ file, line, column, path, message }: PolicyFault): string =>
  `${file}:${line}:${column}: ${path === '' ? '' : `${path}: `}${message}`;
