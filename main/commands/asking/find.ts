import * as E from 'fp-ts/lib/Either.js';
import type { Api, ApiFailure, Parameters } from './api.ts';
import { Image, ImageBuild } from './image-shapes.ts';
import type { PageOf } from './shapes.ts';
import { Build, FullEvent, Module, pageOf } from './shapes.ts';

type Found<A> = Promise<E.Either<ApiFailure, A>>;

const isNumber = (text: string): boolean => /^\d+$/.test(text);

const missing = (what: string, text: string, list: string): ApiFailure => ({
  code: 'missing',
  reason: `${what} ${JSON.stringify(text)} is not known. ${list} shows what is.`,
});

/** The first of several questions that has any answer, newest first; none has: an empty list. */
const firstAnswered = async <A>(
  ask: (parameters: Parameters) => Found<PageOf<A>>,
  questions: ReadonlyArray<Parameters>,
): Found<ReadonlyArray<A>> => {
  for (const question of questions) {
    const page = await ask(question);
    if (E.isLeft(page)) return page;
    if (page.right.items.length > 0) return E.right(page.right.items);
  }
  return E.right([]);
};

const full = { show_full_json: 'True' };
const many = { per_page: '1000' };

/** Some bridges put the year in front of a message id. */
const idsOf = (text: string): ReadonlyArray<string> => [text, text.replace(/^\d{4}-/u, '')];

const eventsBy = (
  api: Api,
  text: string,
  more: Parameters = {},
): Found<ReadonlyArray<FullEvent>> => {
  const ask = (question: Parameters) =>
    api.get('events/', pageOf(FullEvent), { ...full, ...many, ...more, ...question })();
  return firstAnswered(ask, [{ message_id: idsOf(text) }, { search_key: text }]);
};

/** The events of an id, a message id or a search key, newest first; left when there are none. */
export const findEvents = async (api: Api, text: string): Found<ReadonlyArray<FullEvent>> => {
  if (isNumber(text)) {
    const event = await api.get(`events/${text}`, FullEvent, full)();
    if (E.isRight(event)) return E.right([event.right]);
    if (event.left.code !== 'missing') return event;
    return E.left(missing('Event', text, 'freshmaker events list'));
  }
  const events = await eventsBy(api, text);
  if (E.isLeft(events) || events.right.length > 0) return events;
  return E.left(missing('Event', text, 'freshmaker events list'));
};

/** `nodejs:20` and `module:nodejs:20` name the same artifact. */
const artifactOf = (text: string): string => (/^[^:]+:[^:]+$/.test(text) ? `module:${text}` : text);

/** `httpd:f28` is the image of that name and branch where only an image is known by it. */
const knownBy = async (api: Api, text: string): Found<string> => {
  const [name = '', branch = ''] = text.split(':');
  const [modules, images] = await Promise.all([
    api.get('modules/', pageOf(Module), { name, stream: branch, per_page: '1' })(),
    api.get('images/', pageOf(Image), { name, branch, per_page: '1' })(),
  ]);
  if (E.isLeft(modules)) return modules;
  if (E.isLeft(images)) return images;
  const isImage = modules.right.items.length === 0 && images.right.items.length > 0;
  return E.right(isImage ? `image:${text}` : artifactOf(text));
};

/** The artifact of an NVR of an image on record, or of a name such as `nodejs:20`. */
export const artifactNamed = async (api: Api, text: string): Found<string> => {
  if (/^[^:/]+:[^:/]+$/.test(text)) return knownBy(api, text);
  if (text.includes(':') || text.includes('/')) return E.right(artifactOf(text));
  const image = await api.get(`images/${encodeURIComponent(text)}`, ImageBuild)();
  if (E.isRight(image)) return E.right(image.right.artifact);
  return image.left.code === 'missing' ? E.right(artifactOf(text)) : image;
};

const buildsNamed = (api: Api, text: string): Found<ReadonlyArray<Build>> => {
  const ask = (question: Parameters) =>
    api.get('builds/', pageOf(Build), { per_page: '1', ...question })();
  return firstAnswered(ask, [
    { rebuilt_nvr: text },
    { original_nvr: text },
    { artifact: artifactOf(text) },
    { artifact: `image:${text}` },
    { name: text },
  ]);
};

/**
 * The build of an id; the newest of an NVR, a module stream or a name; all builds of a message id or
 * a search key, newest first. Left when there is none.
 */
export const findBuilds = async (api: Api, text: string): Found<ReadonlyArray<Build>> => {
  const none = E.left(missing('Build', text, 'freshmaker builds list'));
  if (isNumber(text)) {
    const build = await api.get(`builds/${text}`, Build)();
    if (E.isRight(build)) return E.right([build.right]);
    return build.left.code === 'missing' ? none : build;
  }
  const named = await buildsNamed(api, text);
  if (E.isLeft(named) || named.right.length > 0) return named;
  const events = await eventsBy(api, text);
  if (E.isLeft(events)) return events;
  const builds = events.right.flatMap((event) => event.builds);
  return builds.length === 0 ? none : E.right([...builds].sort((a, b) => b.id - a.id));
};
