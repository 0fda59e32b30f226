import type { Image } from './image-shapes.ts';
import type { Module } from './shapes.ts';

const few = (texts: ReadonlyArray<string>): string =>
  texts.length <= 12 ? texts.join(', ') : `${texts.slice(0, 12).join(', ')} … (${texts.length})`;

const ofModule = ({ name, stream, holds, build_requires: requires }: Module): string =>
  'It becomes one when\n' +
  `  ${name}.yaml changes on branch ${stream} of modules/${name},\n` +
  `  a spec file changes on the branch it takes a package from: ${few(holds) || '(it holds none)'},\n` +
  `  or a module it was built with is rebuilt: ${few(requires) || '(none)'}.\n`;

const ofImage = ({ newest }: Image): string =>
  'It becomes one when\n' +
  '  its Dockerfile changes on its branch,\n' +
  '  an RPM is signed or ships stable of which a build of it held an older version\n' +
  `    (its newest, ${newest?.nvr ?? 'not known'}),\n` +
  `  or the image it is built on is rebuilt: ${newest?.parent ?? '(none on record)'}.\n`;

const unknownModule =
  'What it holds is not on record, so no change of a package leads to it.\n' +
  'Check its name (module:<name>:<stream>), or let MBS tell what there is: freshmaker backfill modules\n';

const unknownImage =
  'No build of it is on record, so no change of a package leads to it.\n' +
  'Check its name (image:<name>:<branch>), or let Koji tell what there is: freshmaker backfill images\n';

/** What is on record of an artifact: a module stream, an image, or neither. */
export type OnRecord = { readonly module: Module | null; readonly image: Image | null };

/** What would make an artifact a candidate, in words. */
export const neverCandidate = (
  artifact: string,
  { module, image }: OnRecord,
  event: string | undefined,
): string => {
  const of = event === undefined ? 'any event' : `event ${event}`;
  const heading = `${artifact} was never a candidate of ${of}: nothing was decided on it.\n`;
  if (module !== null) return `${heading}${ofModule(module)}`;
  if (image !== null) return `${heading}${ofImage(image)}`;
  return `${heading}${artifact.startsWith('image:') ? unknownImage : unknownModule}`;
};
