import * as E from 'fp-ts/lib/Either.js';
import { start } from '../../event-log/event-log.ts';
import type { Reader, Row, Where } from '../read-models.ts';
import type { ImageStream } from '../../domain/image/holder.ts';
import type { Asked, Found } from './find.ts';
import { findAll, keyed, positionOf, streamOf } from './find.ts';
import type { StreamRow } from './row.ts';
import { imageKeys, streamId } from './row.ts';

/** NVRs of an image's builds; the rows themselves, large as they are, are not read. */
const nvrsOf = async (images: Reader, where: Where): Asked<ReadonlySet<string>> => {
  const found = await images.tally([where], ['nvr'])();
  if (E.isLeft(found)) return found;
  return E.right(new Set(found.right.map(({ values: [nvr] }) => String(nvr))));
};

/** Images built on any of these NVRs, and those built on something of that component on the branch. */
const builtOn = async (
  reader: Reader,
  nvrs: ReadonlySet<string>,
  parent: StreamRow,
): Asked<{ readonly sure: ReadonlyArray<Row>; readonly likely: ReadonlyArray<Row> }> => {
  const sure = await findAll(reader, keyed([...nvrs].map(imageKeys.parent)));
  if (E.isLeft(sure)) return sure;
  const { branch, newest } = parent;
  const likely = await findAll(
    reader,
    keyed([imageKeys.parentComponent(newest.component, branch)]),
  );
  return E.isLeft(likely) ? likely : E.right({ sure: sure.right, likely: likely.right });
};

const parentOf = ({ body }: Row): string => (body as StreamRow).newest.parentNvr ?? '';

const childrenOf = async (
  reader: Reader,
  images: Reader,
  artifact: string,
): Asked<ReadonlyArray<ImageStream>> => {
  const row = await reader.get(streamId(artifact))();
  if (E.isLeft(row) || row.right === undefined) return E.isLeft(row) ? row : E.right([]);
  const nvrs = await nvrsOf(images, { field: 'artifact', in: [artifact] });
  if (E.isLeft(nvrs)) return nvrs;
  const found = await builtOn(reader, nvrs.right, row.right.body as StreamRow);
  if (E.isLeft(found)) return found;
  const { sure, likely } = found.right;
  const known = await nvrsOf(images, { field: 'nvr', in: likely.map(parentOf) });
  if (E.isLeft(known)) return known;
  const guessed = likely.filter((child) => !known.right.has(parentOf(child)));
  return E.right([...sure, ...guessed].map(streamOf));
};

/**
 * Images whose newest build was built on a build of this one. A parent that is not on record counts
 * as a build of the image with its component on the same branch.
 */
export const children =
  (reader: Reader, images: Reader) =>
  (artifact: string): Found<{ readonly images: ReadonlyArray<ImageStream> }> =>
  async () => {
    const positions = [await positionOf(reader), await positionOf(images)];
    const asOf: Array<string> = [];
    for (const position of positions) {
      if (E.isLeft(position)) return position;
      asOf.push(position.right);
    }
    const found = await childrenOf(reader, images, artifact);
    if (E.isLeft(found)) return found;
    return E.right({ asOf: asOf.sort()[0] ?? start, images: found.right });
  };
