import * as E from 'fp-ts/lib/Either.js';
import { statusOf } from '../bodhi/render.ts';
import { json, problem, type Answer } from '../http/reply.ts';
import type { Koji } from '../koji/port.ts';
import { readStage, readUpdate } from '../updates/order.ts';
import type { Shipping } from '../updates/shipping.ts';
import { wayOf, type Step, type Update } from '../updates/update.ts';

export type UpdateDeps = { readonly shipping: Shipping; readonly koji: Koji };

type Fields = Readonly<Record<string, unknown>>;

const DEBUG = /-debug(info|source)$/;

/** NVRs of what users install of a build: no source, no debuginfo. */
const installable = (koji: Koji, nvr: string): ReadonlyArray<string> => {
  const rpms = koji.buildOf(nvr)?.rpms ?? [];
  const chosen = rpms.filter(({ arch, name }) => arch !== 'src' && !DEBUG.test(name));
  return [...new Set(chosen.map(({ name, version, release }) => `${name}-${version}-${release}`))];
};

const stepName = (step: Step): string => {
  if (step.do === 'tag') return step.tag;
  return step.do === 'sign' ? `sign ${step.key}` : `bodhi.update.${step.topic}`;
};

/** An update as the sandbox itself tells of it; `next` is the step that comes next. */
export const shownShipment = (koji: Koji, update: Update): Readonly<Record<string, unknown>> => {
  const { id, alias, release, content, shipped, tags, signed } = update;
  const builds = shipped.flatMap((one) => one.builds);
  const next = wayOf(update)[update.gone];
  return {
    ...{ id, alias, release, content_type: content, tags, signed, builds },
    status: statusOf(update),
    nvr: shipped[0]?.nvr,
    nvrs: shipped.map(({ nvr }) => nvr),
    rpms: builds.flatMap((nvr) => installable(koji, nvr)),
    next: next === undefined ? null : stepName(next.step),
  };
};

/** POST /sandbox/update: builds something and ships it. */
export const postUpdate = ({ shipping, koji }: UpdateDeps, fields: Fields): Answer => {
  const order = readUpdate(fields);
  if (E.isLeft(order)) return problem(400, order.left);
  const shipped = shipping.ship(order.right);
  if (E.isLeft(shipped)) return problem(422, shipped.left);
  return json(201, shownShipment(koji, shipped.right));
};

/** POST /sandbox/update/<alias, id or NVR>/advance: one step further, or to a `stage`. */
export const advanceUpdate = (
  { shipping, koji }: UpdateDeps,
  name: string,
  fields: Fields,
): Answer => {
  const update = shipping.find(name);
  if (update === undefined) {
    return problem(404, `There is no update "${name}"; GET /sandbox/updates lists them.`);
  }
  const stage = readStage(fields);
  if (E.isLeft(stage)) return problem(400, stage.left);
  if (update.gone >= wayOf(update).length) {
    return problem(409, `${update.alias ?? update.id} has gone all its way.`);
  }
  return json(200, shownShipment(koji, shipping.advance(update, stage.right)));
};
