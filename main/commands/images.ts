import * as E from 'fp-ts/lib/Either.js';
import type { Asking, Json } from './asking/asking.ts';
import { asJson, asking } from './asking/asking.ts';
import { Image } from './asking/image-shapes.ts';
import { tellRest } from './asking/lists.ts';
import { pageOf } from './asking/shapes.ts';
import type { Column } from './asking/table.ts';
import { table, toMinute } from './asking/table.ts';
import { exit } from './exit-codes.ts';

export type ImagesList = Json & {
  readonly package?: string;
  readonly source?: string;
  readonly name?: string;
  readonly branch?: string;
  readonly nvr?: string;
  /** Only images whose newest build holds what is asked for. */
  readonly now?: boolean;
  readonly limit: string;
  readonly page: string;
};

type Held = Image['rpms'][number];
type Line = { readonly image: Image; readonly held: Held | null };

const version = ({ rpm, image }: Held['first']): string => `${rpm} in ${image ?? '?'}`;

const imageColumns: ReadonlyArray<Column<Line>> = [
  { title: 'IMAGE', of: ({ image }) => image.artifact.replace(/^image:/, '') },
  { title: 'NEWEST', of: ({ image }) => image.newest?.nvr ?? '-' },
];

const listColumns: ReadonlyArray<Column<Line>> = [
  ...imageColumns,
  { title: 'BUILT (UTC)', of: ({ image }) => toMinute(image.newest?.completed_at ?? null) },
  { title: 'ON', of: ({ image }) => image.newest?.parent ?? '-' },
];

const heldColumns: ReadonlyArray<Column<Line>> = [
  ...imageColumns,
  { title: 'NOW', of: ({ held }) => (held?.now === true ? 'yes' : 'no') },
  { title: 'FIRST HELD', of: ({ held }) => (held === null ? '-' : version(held.first)) },
  { title: 'LAST HELD', of: ({ held }) => (held === null ? '-' : version(held.last)) },
];

const linesOf = (image: Image): ReadonlyArray<Line> =>
  image.rpms.length === 0 ? [{ image, held: null }] : image.rpms.map((held) => ({ image, held }));

/** `images`: every image on record, or those that ever held a package, or hold it now. */
export const imagesList = (deps: Asking, options: ImagesList): Promise<number> =>
  asking(deps, async (api) => {
    const { source, name, branch, nvr, limit: per_page, page } = options;
    const held = options.now === true ? 'now' : undefined;
    const wanted = { package: options.package, source, name, branch, nvr, held, per_page, page };
    const images = await api.get('images/', pageOf(Image), wanted)();
    if (E.isLeft(images)) return images;
    if (options.json === true) deps.stdout(asJson(images.right));
    else {
      const isHeld = options.package !== undefined || source !== undefined;
      const lines = images.right.items.flatMap(linesOf);
      deps.stdout(table(deps.screen, isHeld ? heldColumns : listColumns, lines));
      deps.stderr(tellRest('image', images.right.meta));
    }
    return E.right(exit.done);
  });
