import type { DistGitFailure } from './port.ts';
import type { Ran } from './run-git.ts';

/** Why a git command failed. Only a `DistGitFailure` ever leaves this folder. */
export type Trouble =
  | DistGitFailure
  | { readonly code: 'broken-cache' | 'race' | 'unknown-push'; readonly reason: string };

/** Our own copy is at fault: a lock a killed process left, an object it never finished. */
const ofTheCache: ReadonlyArray<RegExp> = [
  /\.lock': File exists/,
  /not a git repository: '/,
  /(object file|loose object) .* (is empty|is corrupt)/,
  /bad object|unable to read tree|could not parse|inflate:|invalid sha1 pointer/,
  /cannot lock ref|unable to update local ref|some local refs could not be updated/,
  /shallow file has changed|index-pack (failed|died)|pack has bad object/,
  /bad config (line|file)|unable to normalize (object|repository)/i,
  /failed to (read|write) object|unable to write|error in object/,
];

/** It will be no different next time. In the words of git 2.x under LC_ALL=C, ssh and git daemon. */
const ofThePlace: ReadonlyArray<RegExp> = [
  /repository '.*' not found|does not appear to be a git repository/i,
  /access denied or repository not exported|service not enabled/,
  /couldn't find remote ref|not our ref/i,
  /Authentication failed|could not read (Username|Password)|Permission denied \(/,
  /returned error: 40[134]|returned error: 410/,
  /hook declined|Permission to .* denied|protected branch|deny(ing)? updat/i,
  /does not exist|not valid: is this a git repository/,
  /URL using bad\/illegal format|protocol .* is not supported|transport '.*' not allowed/,
];

/** An address without the user and password it may hold. */
export const withoutSecrets = (text: string): string => text.replace(/\/\/[^/@\s']*@/g, '//…@');

/** git's own words, in one line. */
const said = (ran: Ran): string => {
  const flat = ran.stderr.replace(/\s+/g, ' ').trim();
  const words = flat === '' ? `git ended with ${ran.exit ?? 'a signal'} and said nothing` : flat;
  return words.length > 600 ? `${words.slice(0, 600)}…` : words;
};

/** What a failed command means. What is not recognised counts as passing trouble. */
export const troubleOf = (doing: string, ran: Ran): Trouble => {
  const reason = withoutSecrets(`${doing}: ${said(ran)}`);
  if (ran.exit === null) return { code: 'git-unavailable', reason };
  if (ofThePlace.some((pattern) => pattern.test(ran.stderr)))
    return { code: 'git-refused', reason };
  if (ofTheCache.some((pattern) => pattern.test(ran.stderr)))
    return { code: 'broken-cache', reason };
  return { code: 'git-unavailable', reason };
};

/** A hook or a rule said no; anything else that keeps a ref from moving is somebody's being first. */
const isFinal = /hook declined|deny|denied|prohibited|protected|not allowed|policy/i;

/**
 * What a failed push means, from its porcelain line `!<tab>from:to<tab>[rejected] (why)`. Whatever
 * is not for good is a race, or, when no such line came, unknown: it may have been carried out.
 */
export const troubleOfPush = (doing: string, ran: Ran): Trouble => {
  const line = /^!\t[^\t]*\t(.*)$/m.exec(ran.stdout.toString('utf8'))?.[1];
  if (line !== undefined) {
    const reason = withoutSecrets(`${doing}: ${line}; ${said(ran)}`);
    return line.startsWith('[remote rejected]') && isFinal.test(line)
      ? { code: 'git-refused', reason }
      : { code: 'race', reason };
  }
  const trouble = troubleOf(doing, ran);
  return trouble.code === 'git-refused'
    ? trouble
    : { code: 'unknown-push', reason: trouble.reason };
};
