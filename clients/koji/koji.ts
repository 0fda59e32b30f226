import { buildOf, imageBuilds, rpmsOf, signaturesOf, tagsOf } from './builds.ts';
import { anonymousReads, type HubOptions } from './hub.ts';
import { imageContents } from './image-contents.ts';
import { sourceNames } from './image-rpms.ts';
import { imageBuildsSince, ownTasks } from './lists.ts';
import type { Koji } from './port.ts';
import { oneSession } from './session.ts';
import { buildContainer, findTask, ownUser, taskOf } from './tasks.ts';

export type KojiOptions = HubOptions;

/**
 * Koji's hub over XML-RPC. Reading is anonymous; what starts something goes through one session,
 * and only within `callTimeout`: what was never sent is `koji-unavailable`, what may have arrived
 * and was not answered is `koji-unknown-outcome`.
 */
export const kojiOverXmlRpc = (given: KojiOptions): Koji => {
  const options = { ...given, baseUrl: given.baseUrl.replace(/\/+$/, '') };
  const read = anonymousReads(options);
  const inSession = oneSession(options);
  const owner = ownUser(inSession);
  const names = sourceNames(read);
  return {
    callTimeout: options.callTimeout,
    buildContainer: (order) => () => buildContainer(inSession, order),
    findTask: (order, since) => () => findTask(read, owner, order, since),
    task: (id) => () => taskOf(read, id),
    build: (idOrNvr) => () => buildOf(read, idOrNvr),
    rpmsOf: (buildId) => () => rpmsOf(read, buildId),
    signaturesOf: (buildId) => () => signaturesOf(read, buildId),
    tagsOf: (nvr) => () => tagsOf(read, nvr),
    imageContents: (builds) => () => imageContents(read, names, builds),
    imageBuilds: (offset, limit) => () => imageBuilds(read, offset, limit),
    imageBuildsSince: (since, offset, limit) => () =>
      imageBuildsSince(read, { since, offset, limit }),
    ownTasks: (since, offset, limit) => () => ownTasks(read, owner, { since, offset, limit }),
  };
};
