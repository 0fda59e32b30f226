import { parse } from 'yaml';
import { isJsonObject } from '../../../domain/json.ts';
import type { MbsBuild } from './wire.ts';

const fragment = /#([0-9a-f]{4,64})$/i;

const textAt = (value: unknown, ...path: ReadonlyArray<string>): string | null => {
  let at = value;
  for (const name of path) at = isJsonObject(at) ? at[name] : undefined;
  return typeof at === 'string' || typeof at === 'number' ? String(at) : null;
};

const hashIn = (url: string | null): string | null =>
  url === null ? null : (fragment.exec(url)?.[1]?.toLowerCase() ?? null);

const parsed = (modulemd: string): unknown => {
  try {
    return parse(modulemd, { logLevel: 'silent' }) as unknown;
  } catch {
    return null; // a shortened text in an old recording: the message is good without it
  }
};

/** The commit a module build was made from: of its scmurl, else as its modulemd tells; or null. */
export const commitOf = ({ scmurl, modulemd }: MbsBuild): string | null => {
  const told = hashIn(scmurl);
  if (told !== null || modulemd === null) return told;
  const document = parsed(modulemd);
  const commit = textAt(document, 'data', 'xmd', 'mbs', 'commit');
  return hashIn(`#${commit ?? ''}`) ?? hashIn(textAt(document, 'data', 'xmd', 'mbs', 'scmurl'));
};
