import * as E from 'fp-ts/lib/Either.js';
import { artifactParts } from '../../domain/stream-names.ts';
import type { ChildImage } from '../../domain/wave/lookups.ts';
import type { Hindrance } from '../act.ts';
import { forEach } from '../side-by-side.ts';
import type { WaveDeps } from './deps.ts';
import type { Answers } from './record-answers.ts';
import { oldest, upTo } from './up-to.ts';

/** Images asked about side by side. */
const atOnce = 8;

type Below = { readonly asOf: string; readonly children: ReadonlyArray<ChildImage> };

const ask = async (
  { images }: WaveDeps,
  needed: string,
  on: string,
): Promise<E.Either<Hindrance, Below>> => {
  const answer = upTo(needed, await images.children(on)());
  if (E.isLeft(answer)) return answer;
  const children = answer.right.images.map(({ artifact, newest }) => ({
    ...{ on, child: artifact, nvr: newest.nvr, arches: newest.arches },
  }));
  return E.right({ asOf: answer.right.asOf, children });
};

/** What cannot be rebuilt leaves what is built on it alone. */
const isBuildable = (artifact: string): boolean => artifactParts(artifact).branch !== '';

/** Every pair (image, one built on it) below these images, level by level. */
export const lookUpChildren = async (
  deps: WaveDeps,
  needed: string,
  roots: ReadonlyArray<string>,
): Promise<E.Either<Hindrance, Answers>> => {
  const seen = new Set(roots);
  const pairs: Array<ChildImage> = [];
  const positions: Array<string> = [];
  for (let level = [...seen]; level.length > 0;) {
    const answers = await forEach(level, atOnce, (on) => ask(deps, needed, on));
    if (E.isLeft(answers)) return answers;
    const found = answers.right.flatMap(({ children }) => children);
    pairs.push(...found);
    positions.push(...answers.right.map(({ asOf }) => asOf));
    const next = new Set(found.map(({ child }) => child).filter((child) => !seen.has(child)));
    next.forEach((child) => seen.add(child));
    level = [...next].filter(isBuildable);
  }
  const asOf = oldest(positions, needed);
  return E.right({ whole: [], lists: [{ question: 'children', entries: pairs, asOf }] });
};
